"""The tensors of a random model while it grows.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import math

import numpy as np


class Values:
    """The tensors of a model by name, all of one element type but for the shapes of Reshape."""

    def __init__(self, rng, opset, dtype):
        self.rng, self.opset, self.dtype = rng, opset, np.dtype(dtype)
        # Four axes suit most operators.
        rank = int(rng.choice([0, 1, 2, 2, 3, 4, 4, 4, 4, 4, 4, 5]))
        shape = rng.integers(1, 10 if rank < 5 else 4, rank)
        self.arrays = {}
        self.add("x", self.elements(shape))

    @property
    def shape(self):
        return self.arrays[self.newest].shape

    @property
    def constants(self):
        return [name for name in self.arrays if name.startswith("c")]

    def add(self, name, array):
        self.arrays[name] = array
        self.newest = name

    def keep(self, constants):
        """Forgets the constants of a node that was not added."""
        for name in set(self.constants) - set(constants):
            del self.arrays[name]

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def elements(self, shape):
        if self.dtype.kind == "f":
            return np.asarray(self.rng.standard_normal(shape), self.dtype)
        least, most = (-100, 100) if self.dtype.kind == "i" else (0, 200)
        return np.asarray(self.rng.integers(least, most, shape), self.dtype)

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.arrays[name] = array
        return name

    def weights(self, *shape, inputs=1):
        """A constant that keeps what it multiplies about as large as it is."""
        elements = self.elements(shape)
        scaled = elements / math.sqrt(inputs) if self.dtype.kind == "f" else elements
        return self.constant(np.asarray(scaled, self.dtype))

    def axis(self, last, since=11):
        """An axis up to `last`, also counted from the end where the opset allows that."""
        rank = len(self.shape)
        axis = self.pick(0, last)
        return axis - rank if axis < rank and self.opset >= since and self.chance(0.4) else axis
