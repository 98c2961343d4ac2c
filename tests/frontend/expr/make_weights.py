"""Writes the files in data/ with the safetensors package and NumPy: make_weights.py FOLDER

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import sys

import numpy as np
from safetensors.numpy import save_file

folder = pathlib.Path(sys.argv[1])
dense = {"fc.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
         "fc.bias": np.array([0.5, -1], np.float32)}
save_file(dense, folder / "dense.safetensors", metadata={"format": "np"})
save_file({"scalar": np.array(7, np.int64), "empty": np.zeros((0, 4), np.float64),
           "flags": np.array([[True], [False]]), "half": np.array([1, 2], np.float16),
           "bytes": np.arange(5, dtype=np.uint8)}, folder / "types.safetensors")

# What the same names hold in NumPy's archives; as NumPy writes them where they lie otherwise, too.
numbers = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
np.savez(folder / "dense.npz", **dense)
np.savez(folder / "types.npz", scalar=np.array(7, np.int64), empty=np.zeros((0, 4), np.float64),
         flags=np.array([[True], [False]]), fortran=np.asfortranarray(numbers),
         big=numbers.astype(">f4"))
np.savez_compressed(folder / "deflated.npz", w=numbers)
