# SPDX-License-Identifier: MIT
"""Seconds per epoch of training against PyTorch and against the machine, one thread each, in the same run.

Usage: OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 torch_epochs.py build/bin/rmtlab_bench [M ...]

PyTorch runs in eager mode: index_select per batch, cross-entropy, SGD with momentum and weight decay.
For each shape the two are timed one after the other, so that both meet the same load; at small batch
PyTorch's epoch is extrapolated from its first steps. Without PyTorch (Debian: python3-torch) its columns
stay empty. The rates count 20 bytes a weight and step, and 6 flops a weight and sample (4 in the first
layer); beside them stand those of the same bytes as memcpy and the same products as calls of sgemm. The
memory is the largest resident set of a process that only trains: it holds 6000 samples, 18.8 MB.
"""
import json
import subprocess
import sys
import tempfile
import time

try:
    import torch
except ImportError:
    torch = None

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


def fastest(program, m, batch, who):
    """The best of three runs of a benchmark, each case in a process of its own."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run([program, f"--benchmark_filter=^epoch_{m}_{batch}/{who}", "--benchmark_repetitions=3",
                        f"--benchmark_out={out.name}", "--benchmark_out_format=json"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        runs = json.load(out)["benchmarks"]
    return min((run for run in runs if run.get("run_type") == "iteration"), key=lambda run: run["cpu_time"])


def main():
    widths = [int(m) for m in sys.argv[2:]] or [128, 256, 512]
    if torch:
        torch.set_num_threads(1)
    absent = "PyTorch skipped: it is not installed (Debian: python3-torch)"
    peer = f"PyTorch {torch.__version__}" if torch else absent
    print(f"{peer}; CPU seconds per epoch of {SAMPLES} samples, 784-M-10")
    print(f"{'':10} {'seconds per epoch':^28} {'GB/s':^15} {'GFLOP/s':^15} {'peak':>7}")
    print(f"{'M':>4} {'batch':>5} {'torch':>8} {'ours':>8} {'torch/ours':>10} {'ours':>7} {'copy':>7} "
          f"{'ours':>7} {'sgemm':>7} {'MB':>7}")
    for m in widths:
        for batch in BATCHES:
            theirs = torch_seconds(m, batch) if torch else None
            ours, copy, gemm = (fastest(sys.argv[1], m, batch, who) for who in ("ours", "copy", "gemm"))
            seconds = ours["cpu_time"] / 1000
            peer = f"{theirs:8.4f} {seconds:8.4f} {theirs / seconds:10.2f}" if torch else (
                f"{'-':>8} {seconds:8.4f} {'-':>10}")
            print(f"{m:4} {batch:5} {peer} {ours['B/s'] / 1e9:7.1f} {copy['B/s'] / 1e9:7.1f} "
                  f"{ours['FLOP/s'] / 1e9:7.1f} {gemm['FLOP/s'] / 1e9:7.1f} {ours['peak_MB']:7.0f}", flush=True)


main()
