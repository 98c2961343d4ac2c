"""The tensors of a random model while it grows.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import math

import numpy as np

PRIMES = (2, 3, 5, 7, 11, 13)


class Values:
    """The tensors of a model by name: inputs x…, constants c…, results v…

    Nodes are drawn to read the value `newest`, which is any value now and then. `near` has each
    result again as rounding errors may leave it.
    """

    def __init__(self, rng, opset, dtype):
        self.rng, self.opset = rng, opset
        self.arrays, self.near = {}, {}
        self.is_positive = self.chance(0.25)  # so that there are logarithms and roots
        # Four axes suit most operators.
        rank = int(rng.choice([0, 1, 2, 2, 3, 4, 4, 4, 4, 4, 4, 5, 6]))
        shape = [self.extent(rank) for _ in range(rank)]
        if rank and self.chance(0.03):
            shape[self.pick(0, rank - 1)] = 0
        self.add("x0", self.elements(shape, np.dtype(dtype)))

    @property
    def shape(self):
        return self.arrays[self.newest].shape

    @property
    def dtype(self):
        return self.arrays[self.newest].dtype

    def named(self, kind):
        return [name for name in self.arrays if name.startswith(kind)]

    @property
    def inputs(self):
        return self.named("x")

    @property
    def constants(self):
        return self.named("c")

    def add(self, name, array, near=None):
        self.arrays[name] = array
        self.near[name] = array if near is None else near
        self.newest = name

    def look_back(self):
        """Now and then, nodes branch off from any value that is there."""
        if self.chance(0.4):
            self.newest = str(self.rng.choice(self.inputs + self.named("v")))

    def forget_all_but(self, names):
        """Forgets the constants and inputs of a node that was not added."""
        for name in self.arrays.keys() - names:
            del self.arrays[name], self.near[name]

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def extent(self, rank):
        """An extent of one of so many axes: often 1 or a prime number."""
        most = 9 if rank < 5 else 3
        if self.chance(0.15):
            return 1
        if self.chance(0.2):
            return int(self.rng.choice([n for n in PRIMES if n <= most + 4 or rank < 3]))
        return self.pick(1, most)

    def elements(self, shape, dtype=None):
        dtype = self.dtype if dtype is None else dtype
        if dtype.kind == "f":
            drawn = self.rng.standard_normal(shape)
            return np.asarray(np.abs(drawn) + 0.125 if self.is_positive else drawn, dtype)
        if dtype.kind == "b":
            return np.asarray(self.rng.random(shape) < 0.5)
        least, most = (-100, 100) if dtype.kind == "i" else (0, 200)
        return np.asarray(self.rng.integers(least, most, shape), dtype)

    def keep(self, kind, array):
        name = f"{kind}{len(self.named(kind))}"
        self.arrays[name] = self.near[name] = array
        return name

    def constant(self, array):
        return self.keep("c", array)

    def weights(self, *shape, inputs=1):
        """A constant that keeps what it multiplies about as large as it is."""
        elements = self.elements(shape)
        scaled = elements / math.sqrt(inputs) if self.dtype.kind == "f" else elements
        return self.constant(np.asarray(scaled, self.dtype))

    def operand(self, *shape, inputs=1):
        """A value of that shape: one that is there, a constant or, now and then, another input."""
        alike = [name for name, x in self.arrays.items()
                 if x.shape == shape and x.dtype == self.dtype]
        if alike and self.chance(0.5):
            return str(self.rng.choice(alike))
        if self.chance(0.25) and len(self.inputs) < 4:
            array = self.arrays[self.weights(*shape, inputs=inputs)]
            del self.arrays[self.constants[-1]]
            return self.keep("x", array)
        return self.weights(*shape, inputs=inputs)

    def axis(self, last, since=11):
        """An axis up to `last`, also counted from the end where the opset allows that."""
        rank = len(self.shape)
        axis = self.pick(0, last)
        return axis - rank if axis < rank and self.opset >= since and self.chance(0.4) else axis
