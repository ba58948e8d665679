# SPDX-License-Identifier: MIT
"""Ten training steps of small networks, computed without the library under test.

Usage: reference_steps.py python|torch

`python` writes the rules out in plain Python; `torch` leaves them to PyTorch's autograd and optimisers
(exit code 3 if it is not installed). Prints one line per case and batch: name, batch, and all weights
and biases after the last step as hexadecimal floats. The settings of a case stand here and in
reference_steps_test.cpp.
"""
import math
import sys

WIDTHS = [12, 9, 7, 4]
BATCHES = [5, 20]
STEPS = 10

# name: what differs from DEFAULTS
DEFAULTS = dict(method="sgd", decay="coupled", activation="relu", loss="softmax_cross_entropy", lr=0.1,
                momentum=0.9, wd=0.01, l1=0.0, smoothing=0.0, clip=0.0, max_norm=0.0,
                spectral=0.0)
CASES = {
    "sgd": {},
    "sgd_decoupled": dict(decay="decoupled"),
    "nesterov": dict(method="nesterov", lr=0.05),
    "adam": dict(method="adam", lr=0.01),
    "adamw": dict(method="adam", decay="decoupled", lr=0.01, wd=0.1),
    "smoothing_tanh": dict(smoothing=0.1, activation="tanh"),
    "mse": dict(loss="mse", lr=0.05),
    "softmax_mse": dict(method="adam", loss="softmax_mse", activation="tanh", lr=0.01),
    "linear": dict(activation="linear", lr=0.05),
    "penalties": dict(l1=0.01, clip=0.5, max_norm=0.9, wd=0.0),
    "spectral": dict(spectral=0.2, clip=0.5),
}


class Numbers:
    """Uniform numbers in [-1, 1) that any language can draw: Knuth's 64-bit MMIX generator."""

    def __init__(self):
        self.state = 20261126

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return self.state >> 11

    def uniform(self):
        return 2 * (self.next() * 2.0**-53) - 1

    def label(self):
        return (self.next() >> 20) % WIDTHS[-1]


def draw(batch):
    """Initial layers [(W as rows, b)], and [(inputs, labels)] of every step."""
    numbers = Numbers()
    layers = []
    for n, m in zip(WIDTHS, WIDTHS[1:]):
        rows = [[0.7 * numbers.uniform() for _ in range(m)] for _ in range(n)]
        layers.append((rows, [0.1 * numbers.uniform() for _ in range(m)]))
    data = []
    for _ in range(STEPS):
        x = [[numbers.uniform() for _ in range(WIDTHS[0])] for _ in range(batch)]
        data.append((x, [numbers.label() for _ in range(batch)]))
    return layers, data


# Plain Python: one sample and one number at a time.

def activate(kind, z):
    return {"relu": max(z, 0.0), "tanh": math.tanh(z), "linear": z}[kind]


def slope(kind, z):
    return {"relu": 1.0 if z > 0 else 0.0, "tanh": 1 / math.cosh(z) ** 2, "linear": 1.0}[kind]


def output_slope(case, z, label):
    """dLoss/dz_k of one sample."""
    classes = len(z)
    target = [case["smoothing"] / classes + (1 - case["smoothing"] if k == label else 0)
              for k in range(classes)]
    if case["loss"] == "mse":
        return [2 * (a - t) / classes for a, t in zip(z, target)]
    total = sum(math.exp(a) for a in z)
    p = [math.exp(a) / total for a in z]
    if case["loss"] == "softmax_cross_entropy":
        return [a - t for a, t in zip(p, target)]
    # Jacobian dp_j/dz_k = p_j ([j = k] - p_k), written out.
    return [sum(2 * (p[j] - target[j]) / classes * p[j] * ((j == k) - p[k]) for j in range(classes))
            for k in range(classes)]


def add_gradient(case, layers, x, label, share, gradient):
    values, sums = [x], []
    for l, (w, b) in enumerate(layers):
        z = [b[j] + sum(values[-1][i] * w[i][j] for i in range(len(w))) for j in range(len(b))]
        sums.append(z)
        values.append(z if l + 1 == len(layers) else [activate(case["activation"], a) for a in z])
    delta = output_slope(case, sums[-1], label)
    for l in range(len(layers) - 1, -1, -1):
        w, _ = layers[l]
        for j, d in enumerate(delta):
            gradient[l][1][j] += share * d
            for i in range(len(w)):
                gradient[l][0][i][j] += share * d * values[l][i]
        if l > 0:
            delta = [slope(case["activation"], sums[l - 1][i]) * sum(w[i][j] * d for j, d in enumerate(delta))
                     for i in range(len(w))]


def flatten(layers):
    numbers = []
    for w, b in layers:
        for row in w:
            numbers += row
        numbers += b
    return numbers


def unflatten(numbers):
    layers, at = [], 0
    for n, m in zip(WIDTHS, WIDTHS[1:]):
        w = [numbers[at + i * m:at + (i + 1) * m] for i in range(n)]
        at += n * m
        layers.append((w, numbers[at:at + m]))
        at += m
    return layers


def is_weight():
    flags = []
    for n, m in zip(WIDTHS, WIDTHS[1:]):
        flags += [True] * (n * m) + [False] * m
    return flags


def clip_factor(case, gradient):
    norm = math.sqrt(sum(g * g for g in gradient))
    return min(1.0, case["clip"] / norm) if case["clip"] > 0 else 1.0


def limit_norms(case, layers):
    if case["max_norm"] > 0:
        for w, b in layers:
            for j in range(len(b)):
                norm = math.sqrt(sum(row[j] ** 2 for row in w))
                if norm > case["max_norm"]:
                    for row in w:
                        row[j] *= case["max_norm"] / norm


def unit(vector):
    norm = math.sqrt(sum(x * x for x in vector))
    return [x / norm for x in vector], norm


def starting_vectors():
    return [unit([math.cos(j) for j in range(m)])[0] for m in WIDTHS[1:]]


def spectral_gradient(case, layers, right):
    """One round of the power iteration per layer; leaves the new vectors in `right`."""
    parts = []
    for l, (w, b) in enumerate(layers):
        left, _ = unit([sum(x * y for x, y in zip(row, right[l])) for row in w])
        right[l], norm = unit([sum(a * row[j] for a, row in zip(left, w)) for j in range(len(b))])
        parts.append(([[case["spectral"] * norm * a * x for x in right[l]] for a in left], [0.0] * len(b)))
    return flatten(parts)


def run_python(case, batch):
    layers, data = draw(batch)
    right = starting_vectors()
    theta = flatten(layers)
    first, second, flags = [0.0] * len(theta), [0.0] * len(theta), is_weight()
    for t, (x, labels) in enumerate(data, 1):
        gradient = unflatten([0.0] * len(theta))
        for sample, label in zip(x, labels):
            add_gradient(case, unflatten(theta), sample, label, 1 / batch, gradient)
        gradient = flatten(gradient)
        factor = clip_factor(case, gradient)
        penalty = spectral_gradient(case, layers, right)
        for k, g in enumerate(gradient):
            w = theta[k]
            decay = case["wd"] if flags[k] else 0.0
            g = factor * g + penalty[k] + ((case["l1"] * ((w > 0) - (w < 0))) if flags[k] else 0.0)
            if case["decay"] == "coupled":
                g += decay * w
            else:
                w -= case["lr"] * decay * w
            if case["method"] == "adam":
                first[k] = 0.9 * first[k] + 0.1 * g
                second[k] = 0.999 * second[k] + 0.001 * g * g
                w -= case["lr"] * (first[k] / (1 - 0.9**t)) / (math.sqrt(second[k] / (1 - 0.999**t)) + 1e-8)
            else:
                # The learning rate outside of the velocity, as PyTorch has it.
                first[k] = case["momentum"] * first[k] + g
                pull = g + case["momentum"] * first[k] if case["method"] == "nesterov" else first[k]
                w -= case["lr"] * pull
            theta[k] = w
        layers = unflatten(theta)
        limit_norms(case, layers)
        theta = flatten(layers)
    return theta


# PyTorch.

def torch_loss(torch, case, z, labels):
    functional = torch.nn.functional
    if case["loss"] == "softmax_cross_entropy":
        return functional.cross_entropy(z, labels, label_smoothing=case["smoothing"])
    target = functional.one_hot(labels, WIDTHS[-1]).double()
    return functional.mse_loss(torch.softmax(z, 1) if case["loss"] == "softmax_mse" else z, target)


def torch_optimizer(torch, case, weights, biases):
    groups = [dict(params=weights, weight_decay=case["wd"]), dict(params=biases, weight_decay=0.0)]
    if case["method"] == "adam":
        kind = torch.optim.Adam if case["decay"] == "coupled" else torch.optim.AdamW
        return kind(groups, lr=case["lr"])
    if case["decay"] == "decoupled":
        groups[0]["weight_decay"] = 0.0  # PyTorch has no such SGD: the decay is done by hand below
    return torch.optim.SGD(groups, lr=case["lr"], momentum=case["momentum"],
                           nesterov=case["method"] == "nesterov")


def run_torch(torch, case, batch):
    layers, data = draw(batch)
    weights = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w, _ in layers]
    biases = [torch.tensor(b, dtype=torch.float64, requires_grad=True) for _, b in layers]
    optimizer = torch_optimizer(torch, case, weights, biases)
    right = [torch.tensor(b, dtype=torch.float64) for b in starting_vectors()]
    act = {"relu": torch.relu, "tanh": torch.tanh, "linear": lambda z: z}[case["activation"]]
    for x, labels in data:
        a = torch.tensor(x, dtype=torch.float64)
        for l, (w, b) in enumerate(zip(weights, biases)):
            a = a @ w + b
            if l + 1 < len(weights):
                a = act(a)
        optimizer.zero_grad()
        torch_loss(torch, case, a, torch.tensor(labels)).backward()
        with torch.no_grad():
            norm = math.sqrt(sum(float((p.grad**2).sum()) for p in weights + biases))
            if 0 < case["clip"] < norm:
                for p in weights + biases:
                    p.grad *= case["clip"] / norm
            for l, w in enumerate(weights):
                w.grad += case["l1"] * torch.sign(w)
                right[l] = torch.nn.functional.normalize(w.T @ (w @ right[l]), dim=0)
                w.grad += case["spectral"] * torch.outer(w @ right[l], right[l])
                if case["method"] == "sgd" and case["decay"] == "decoupled":
                    w *= 1 - case["lr"] * case["wd"]
        optimizer.step()
        if case["max_norm"] > 0:
            with torch.no_grad():
                for w in weights:
                    norms = w.norm(dim=0)
                    w *= torch.where(norms > case["max_norm"], case["max_norm"] / norms,
                                     torch.ones_like(norms))
    return flatten([(w.tolist(), b.tolist()) for w, b in zip(weights, biases)])


def main():
    route = sys.argv[1]
    torch = None
    if route == "torch":
        try:
            import torch
        except ImportError:
            sys.exit(3)
        torch.set_num_threads(1)
    for name, changes in CASES.items():
        case = dict(DEFAULTS, **changes)
        for batch in BATCHES:
            theta = run_torch(torch, case, batch) if torch else run_python(case, batch)
            print(name, batch, *[value.hex() for value in theta])


main()
