"""A compiler reads the same from single_include/ as from include/: same_tokens.py ROOT COMPILER...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

So both give the same program, and take as long to compile.
"""

import subprocess
import sys

SEPARATE = "inlay/inlay.hpp", "inlay/frontend/onnx/read.hpp"
SINGLE = "inlay/inlay.hpp",
BESIDE = ((), ("inlay/frontend/expr.hpp",), ("inlay/stage/highway.hpp",),
          ("inlay/stage/xsimd.hpp",))


def tokens(compiler, folder, headers):
    text = "".join(f"#include <{header}>\n" for header in headers)
    run = subprocess.run([*compiler, f"-I{folder}", "-E", "-P", "-x", "c++", "-"],
                         input=text, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return run.stdout.split()


def main(root, *compiler):
    for more in BESIDE:
        single, separate = (*SINGLE, *more), (*SEPARATE, *more)
        one = tokens(compiler, f"{root}/single_include", single)
        many = tokens(compiler, f"{root}/include", separate)
        if not any(token.startswith("onnx(") for token in one):
            sys.exit("inlay::onnx is not in single_include/.")
        for i, (a, b) in enumerate(zip(one + [None], many + [None])):
            if a != b:
                sys.exit(f"{' and '.join(single)} of single_include/ differ from include/ after "
                         f"'{' '.join(one[max(i - 20, 0):i])}': {a!r}, not {b!r}.")
        print(f"{' and '.join(single)}: {len(one)} tokens, all the same")


if __name__ == "__main__":
    main(*sys.argv[1:])
