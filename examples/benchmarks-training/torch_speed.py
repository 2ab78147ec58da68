"""The same network, batch and Adam in PyTorch: the better of default and channels-last order is what counts, and of the allocator as it comes and kept warm.

Usage: torch_speed.py WARM-UP SECONDS THREADS 1x16 3x32 ...   WARM-UP: seconds of training that come first and are not measured
Prints lines "torch what shape batch threads median-images/s best-images/s".
"""
import pathlib
import statistics
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "pytorch"))
import allocator

counts = allocator.both()
if counts is not None:
    for cold, warm in zip(*counts):
        print(*max(cold, warm, key=lambda line: float(line[5])), flush=True)
    sys.exit()

import torch
import torch.nn as nn
import torch.nn.functional as F

warm_up, seconds, threads = float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)


def norm(i, o, k, s):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o))


class Block(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.a, self.b = norm(i, o, 3, s), norm(o, o, 3, 1)
        self.shortcut = nn.Identity() if s == 1 else norm(i, o, 1, s)

    def forward(self, x):
        return F.relu(self.b(F.relu(self.a(x), inplace=True)) + self.shortcut(x), inplace=True)


class Net(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.stem = norm(channels, 16, 3, 1)
        self.blocks = nn.Sequential(Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2))
        self.embedding, self.out = nn.Linear(64, 128), nn.Linear(128, 10)

    def forward(self, x):
        return self.out(self.embedding(self.blocks(F.relu(self.stem(x), inplace=True)).mean((2, 3))))


def measure(work, span):
    start, times = time.perf_counter(), []
    while len(times) < 5 or time.perf_counter() - start < span:
        before = time.perf_counter()
        work()
        if before - start > span / 2:
            times.append(time.perf_counter() - before)
    return statistics.median(times), min(times)


for shape in sys.argv[4:]:
    channels, side = map(int, shape.split("x"))
    best = {}
    for order in (torch.contiguous_format, torch.channels_last):
        torch.manual_seed(0)
        net = Net(channels).to(memory_format=order)
        x = torch.rand(64, channels, side, side).to(memory_format=order)
        y = torch.arange(64) * 7 % 10
        params = list(net.parameters())
        first, second = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params]
        steps = [torch.zeros(()) for _ in params]

        def fit():
            # The fused Adam itself, without the optimiser object around it: PyTorch's fastest.
            for p in params:
                p.grad = None
            F.cross_entropy(net(x), y).backward()
            with torch.no_grad():
                for s in steps:
                    s += 1
                torch._fused_adam_(params, [p.grad for p in params], first, second, [], steps, lr=1e-3, beta1=0.9,
                                   beta2=0.999, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)

        net.train()
        start = time.perf_counter()
        while time.perf_counter() - start < warm_up:
            fit()
        warm_up = 0     # Once, as the other side.
        results = [("fit", 64, measure(fit, seconds))]
        net.eval()
        with torch.inference_mode():
            one = x[:1].contiguous(memory_format=order)
            results.append(("output", 64, measure(lambda: net(x), seconds / 2)))
            results.append(("output", 1, measure(lambda: net(one), seconds / 2)))
        for what, batch, (median, least) in results:
            rate = (batch / median, batch / least)
            best[what, batch] = max(best.get((what, batch), (0, 0)), rate)
    for (what, batch), rate in best.items():
        print("torch", what, shape, batch, threads, *(f"{r:.0f}" for r in rate), flush=True)
