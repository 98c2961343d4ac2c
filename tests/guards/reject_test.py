"""reject.py accepts the expected sentence and nothing else: reject_test.py COMPILER FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import sys
import tempfile

from reject import complaint

REFUSED = """
template <int N> struct text {
  char data[N]{};
  constexpr text(char const (&source)[N]) {
    for (int i = 0; i < N; ++i) data[i] = source[i];
  }
};
template <text... pieces> struct model_error;
int size = sizeof(model_error<"node 2 'fc' (MatMul): ", "8 columns", "against \\"32\\" rows">);
"""
ACCEPTED = "int size = 0;"

# The first line, the rest of the file, and what is said about it ("" for nothing).
CASES = [
    (r"""// expect: error: .* node 2 'fc' \(MatMul\): 8 columns against "32" rows$""", REFUSED, ""),
    (r"// expect: incomplete|undefined", REFUSED, ""),
    (r"// expect: 9 columns", REFUSED, "expected the first error to match"),
    (r"// expect: 8 columns", ACCEPTED, "this compiles"),
    (r"// expect: 8 columns", "#error 8 columns [...]", "the compiler cut the sentence"),
    (r"// 8 columns", REFUSED, "the first line is not"),
]


def main(*command):
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "mistake.cpp"
        for first, rest, expected in CASES:
            source.write_text(f"{first}\n{rest}\n")
            said = complaint(source, None, *command)
            if expected not in said or bool(expected) != bool(said):
                wrong.append(f"{first}: expected {expected!r}, but the guard said {said!r}")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
