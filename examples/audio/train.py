"""Trains the network of this example to be a diode clipper: train.py FOLDER

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Writes into FOLDER what the example reads: clipper.safetensors, plucked.wav (what goes in) and
clipped.wav (what comes out of the device). Needs NumPy; takes some minutes on one core.

The device is one resistor, one capacitor and two diodes in parallel:
dv/dt = (u - v) / RC - 2 Is / C sinh(v / Vt), solved by the trapezoidal rule at eight times the
rate.
Source: D. T. Yeh, J. S. Abel and J. O. Smith, "Simplified, physically-informed models of
distortion and overdrive guitar effects pedals", DAFx 2007. The network is trained by
backpropagation through time, with Adam.
"""

import json
import pathlib
import struct
import sys

import numpy as np

RATE = 48000
HIDDEN = 8
BATCH, STEPS, WARM_UP = 64, 192, 64
ITERATIONS = 10000
RESISTANCE, CAPACITANCE = 2200.0, 10e-9  # ohms, farads
SATURATION, THERMAL = 2.52e-9, 0.04525  # amperes; volts, of 1N4148 diodes
FINER = 8
VOLTS = 4.5  # of the largest sample


def clip(u):
    """What the device makes of signals [n, samples] between -1 and 1; volts, less than 1."""
    n, samples = u.shape
    positions = np.arange(samples * FINER) / FINER
    h = 1 / (RATE * FINER)
    rc, leak = 1 / (RESISTANCE * CAPACITANCE), 2 * SATURATION / CAPACITANCE

    def slope(x, v):
        return (VOLTS * x - v) * rc - leak * np.sinh(v / THERMAL)

    fine = np.stack([np.interp(positions, np.arange(samples), row) for row in u])
    v, before, y = np.zeros(n), np.zeros(n), np.empty((n, samples))
    for i in range(samples * FINER):
        x, start = fine[:, i], v + h / 2 * slope(before, v)
        for _ in range(20):  # Newton's method, with steps that sinh survives
            error = v - start - h / 2 * slope(x, v)
            steepness = 1 + h / 2 * (rc + leak / THERMAL * np.cosh(v / THERMAL))
            step = np.clip(error / steepness, -0.1, 0.1)
            v = v - step
            if np.abs(step).max() < 1e-9:
                break
        before = x
        if i % FINER == 0:
            y[:, i // FINER] = v
    return y


def pluck(random, samples, frequency):
    """A plucked string. Source: K. Karplus and A. Strong, Computer Music Journal 7(2), 1983."""
    period = int(RATE / frequency)
    y = np.zeros(samples + period + 1)
    y[1:period + 1] = random.uniform(-1, 1, period)
    y -= y[1:period + 1].mean()
    for i in range(period + 1, len(y)):
        y[i] = 0.498 * (y[i - period] + y[i - period - 1])
    return y[period + 1:]


def chord(random, samples, frequencies):
    strings = [pluck(random, samples, frequency) for frequency in frequencies]
    y = np.sum(strings, axis=0)
    return 0.9 * y / np.abs(y).max()


def training_signal(random):
    """Strings, chords, sweeps and noise through a low-pass, each as loud as it happens to be."""
    rows = []
    for i in range(48):
        samples = RATE // 2
        if i % 4 == 3:
            t = np.arange(samples) / RATE
            y = np.sin(2 * np.pi * np.cumsum(np.geomspace(40, 6000, samples)) / RATE + i)
            y *= np.cos(2 * np.pi * random.uniform(0.5, 4) * t)
        elif i % 4 == 2:
            noise = np.fft.rfft(random.normal(size=samples))
            pitch = np.fft.rfftfreq(samples, 1 / RATE)
            y = np.fft.irfft(noise / (1 + (pitch / random.uniform(200, 3000)) ** 2))
        else:
            y = chord(random, samples, random.uniform(70, 700, 1 + i % 3))
        rows.append(y / np.abs(y).max() * random.uniform(0.1, 1))
    return np.stack(rows)


def sigmoid(x):
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def forward(p, x, h):
    """The states behind each step and what each step computed; x is [steps, n]."""
    kept, states = [], []
    for row in x:
        gi = row[:, None] * p["gru.weight_ih_l0"][:, 0] + p["gru.bias_ih_l0"]
        gh = h @ p["gru.weight_hh_l0"].T + p["gru.bias_hh_l0"]
        rz = sigmoid(gi[:, :2 * HIDDEN] + gh[:, :2 * HIDDEN])
        r, z = rz[:, :HIDDEN], rz[:, HIDDEN:]
        n = np.tanh(gi[:, 2 * HIDDEN:] + r * gh[:, 2 * HIDDEN:])
        kept.append((h, r, z, n, gh[:, 2 * HIDDEN:]))
        h = n + z * (h - n)
        states.append(h)
    return np.stack(states), kept


def backward(p, x, kept, dstates):
    g = {name: np.zeros_like(value) for name, value in p.items()}
    dh = np.zeros_like(dstates[0])
    for row, (h, r, z, n, hn), ds in zip(x[::-1], kept[::-1], dstates[::-1]):
        dh = dh + ds
        dn = dh * (1 - z) * (1 - n * n)
        dz = dh * (h - n) * z * (1 - z)
        dr = dn * hn * r * (1 - r)
        di = np.concatenate([dr, dz, dn], axis=1)
        dgh = np.concatenate([dr, dz, dn * r], axis=1)
        g["gru.weight_ih_l0"][:, 0] += row @ di
        g["gru.bias_ih_l0"] += di.sum(0)
        g["gru.weight_hh_l0"] += dgh.T @ h
        g["gru.bias_hh_l0"] += dgh.sum(0)
        dh = dh * z + dgh @ p["gru.weight_hh_l0"]
    return g


def output(p, x, states):
    return (states @ p["output.weight"].T)[..., 0] + p["output.bias"][0] + x * p["dry"][0]


def train(random, inputs, targets):
    def uniform(*shape):
        return random.uniform(-1, 1, shape).astype(np.float32) * np.float32(HIDDEN ** -0.5)

    p = {"gru.weight_ih_l0": uniform(3 * HIDDEN, 1) * 3, "gru.bias_ih_l0": uniform(3 * HIDDEN),
         "gru.weight_hh_l0": uniform(3 * HIDDEN, HIDDEN), "gru.bias_hh_l0": uniform(3 * HIDDEN),
         "output.weight": uniform(1, HIDDEN), "output.bias": uniform(1),
         "dry": np.zeros(1, np.float32)}
    mean = {name: np.zeros_like(value) for name, value in p.items()}
    square = {name: np.zeros_like(value) for name, value in p.items()}
    power = float(np.mean(targets ** 2))
    length = WARM_UP + STEPS
    for t in range(1, ITERATIONS + 1):
        rows = random.integers(0, len(inputs), BATCH)
        starts = random.integers(0, inputs.shape[1] - length, BATCH)
        x = np.stack([inputs[r, s:s + length] for r, s in zip(rows, starts)], axis=1)
        y = np.stack([targets[r, s:s + length] for r, s in zip(rows, starts)], axis=1)
        states, kept = forward(p, x, np.zeros((BATCH, HIDDEN), np.float32))
        error = output(p, x, states) - y
        error[:WARM_UP] = 0  # the state is not that of the signal yet
        dy = error * np.float32(2 / (STEPS * BATCH * power))
        g = backward(p, x, kept, dy[..., None] * p["output.weight"])
        g["output.weight"] = np.einsum("tn,tnh->h", dy, states)[None]
        g["output.bias"] = dy.sum(keepdims=True)[0]
        g["dry"] = (dy * x).sum(keepdims=True)[0]
        norm = np.sqrt(sum(float((v ** 2).sum()) for v in g.values()))
        rate = 5e-3 * 0.5 * (1 + np.cos(np.pi * t / ITERATIONS)) + 1e-5
        for name in p:
            gradient = g[name] * np.float32(min(1, 1 / norm))
            mean[name] += 0.1 * (gradient - mean[name])
            square[name] += 0.001 * (gradient ** 2 - square[name])
            step = mean[name] / (1 - 0.9 ** t) / (np.sqrt(square[name] / (1 - 0.999 ** t)) + 1e-8)
            p[name] -= np.float32(rate) * step
        if t % 200 == 0:
            ratio = float(np.mean(error[WARM_UP:] ** 2)) / power
            print(f"{t}: {10 * np.log10(ratio):.1f} dB", flush=True)
    return p


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, array in tensors.items():
        raw = array.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_wav(path, y):
    data = np.round(y * 32767).astype("<i2").tobytes()
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt "
                     + struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
                     + b"data" + struct.pack("<I", len(data)) + data)


def main(folder):
    folder = pathlib.Path(folder)
    random = np.random.default_rng(1)
    # A chord that is not in the training signal: E2, B2, E3, G sharp 3.
    plucked = chord(np.random.default_rng(2), RATE, [82.41, 123.47, 164.81, 207.65])
    plucked = np.round(plucked * 32767) / 32767  # as the file has it
    write_wav(folder / "plucked.wav", plucked)
    clipped = clip(plucked[None])[0]
    write_wav(folder / "clipped.wav", clipped)
    inputs = training_signal(random)
    targets = clip(inputs)
    print(f"largest: {np.abs(targets).max():.3f} V", flush=True)
    p = train(random, inputs.astype(np.float32), targets.astype(np.float32))
    write_safetensors(folder / "clipper.safetensors", p)
    x = plucked.astype(np.float32)[:, None]
    y = output(p, x, forward(p, x, np.zeros((1, HIDDEN), np.float32))[0])[:, 0]
    error = float(np.sum((y - clipped) ** 2) / np.sum(clipped ** 2))
    print(f"error {10 * np.log10(error):.1f} dB")


if __name__ == "__main__":
    main(*sys.argv[1:])
