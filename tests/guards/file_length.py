"""No file grows past what one sitting reads: file_length.py ROOT

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import sys

from files import code_files

LONG, TOO_LONG = 400, 500


def main(root):
    lengths = {path: len(path.read_text().splitlines()) for path in code_files(root)}
    print(f"{len(lengths)} files, {sum(lengths.values())} lines; the longest:")
    by_length = sorted(lengths, key=lengths.get, reverse=True)
    for rank, path in enumerate(by_length):
        if rank < 10 or lengths[path] > LONG:
            note = "  look for the second idea" if lengths[path] > LONG else ""
            print(f"{lengths[path]:6} {path.relative_to(root)}{note}")
    if too_long := [path for path in by_length if lengths[path] > TOO_LONG]:
        sys.exit("\n".join(f"{path} has {lengths[path]} lines, more than {TOO_LONG}."
                           for path in too_long))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
