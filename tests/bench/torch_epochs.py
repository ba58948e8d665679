# SPDX-License-Identifier: MIT
"""Seconds per epoch of training against PyTorch, one thread each, in the same run.

Usage: OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 torch_epochs.py build/bin/rmtlab_bench [M ...]

PyTorch runs in eager mode: index_select per batch, cross-entropy, SGD with momentum and weight decay.
For each shape the two are timed one after the other, so that both meet the same load; at small batch
PyTorch's epoch is extrapolated from its first steps. Exit code 3 if PyTorch is not installed.
"""
import json
import subprocess
import sys
import tempfile
import time

try:
    import torch
except ImportError:
    print("PyTorch is not installed (Debian: python3-torch)", file=sys.stderr)
    sys.exit(3)

SAMPLES, INPUTS, CLASSES = 4000, 784, 10
BATCHES = [1, 2, 4, 16, 64, 256, 1000]


def torch_seconds(m, batch, limit=400):
    """CPU seconds of an epoch; the best of three times `limit` steps at most."""
    x = torch.randn(SAMPLES, INPUTS) * 0.35
    y = torch.randint(CLASSES, (SAMPLES,))
    model = torch.nn.Sequential(torch.nn.Linear(INPUTS, m), torch.nn.ReLU(), torch.nn.Linear(m, CLASSES))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-5, momentum=0.9, weight_decay=2e-4)
    loss = torch.nn.CrossEntropyLoss()
    steps = -(-SAMPLES // batch)
    timed = min(steps, limit)
    best = float("inf")
    for _ in range(3):
        order = torch.randperm(SAMPLES)
        start = time.process_time()
        for step in range(timed):
            index = order[step * batch:(step + 1) * batch]
            optimizer.zero_grad()
            loss(model(x.index_select(0, index)), y.index_select(0, index)).backward()
            optimizer.step()
        best = min(best, (time.process_time() - start) * steps / timed)
    return best


def our_seconds(program, m, batch):
    """CPU seconds of an epoch; the best of three."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run([program, f"--benchmark_filter=^epoch_{m}_{batch}/ours", "--benchmark_repetitions=3",
                        f"--benchmark_out={out.name}", "--benchmark_out_format=json"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        runs = json.load(out)["benchmarks"]
    return min(run["cpu_time"] for run in runs if run.get("run_type") == "iteration") / 1000


def main():
    torch.set_num_threads(1)
    widths = [int(m) for m in sys.argv[2:]] or [128, 256, 512]
    print(f"PyTorch {torch.__version__}; CPU seconds per epoch of {SAMPLES} samples, 784-M-10")
    print(f"{'M':>4} {'batch':>5} {'torch':>8} {'ours':>8} {'torch/ours':>10}")
    for m in widths:
        for batch in BATCHES:
            theirs, ours = torch_seconds(m, batch), our_seconds(sys.argv[1], m, batch)
            print(f"{m:4} {batch:5} {theirs:8.4f} {ours:8.4f} {theirs / ours:10.2f}", flush=True)


main()
