"""One distillation stage in PyTorch, as people write it: the same networks, losses, batches and epochs as StageSpeed.java.

Usage: torch_stage.py every|cached IMAGES EPOCHS THREADS [channels_last]
Prints "torch mode seconds-in-all seconds-of-knowledge". every: the teacher runs in every step. cached: its answers for every image
and its mirror image are computed once, in batches of 256. Images lie in memory as tensors; LR is derived by average pooling.
Measured twice, with the allocator as it comes and kept warm; the better one is printed.
"""
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "pytorch"))
import allocator

counts = allocator.both()
if counts is not None:
    print(*min(counts[0][0], counts[1][0], key=lambda line: float(line[2])))
    sys.exit()

import torch
import torch.nn as nn
import torch.nn.functional as F

mode, count, epochs, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
order = torch.channels_last if len(sys.argv) > 5 else torch.contiguous_format
torch.set_num_threads(threads)
torch.manual_seed(1)
CLASSES = 298


def norm(i, o, k, s):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o))


class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.a, self.b, self.shortcut = norm(i, o, 3, 2), norm(o, o, 3, 1), norm(i, o, 1, 2)

    def forward(self, x):
        return F.relu(self.b(F.relu(self.a(x), inplace=True)) + self.shortcut(x), inplace=True)


class Net(nn.Module):
    def __init__(self, stem, stride, blocks, width=128):
        super().__init__()
        self.stem = norm(1, stem, 3, stride)
        self.blocks = nn.Sequential(*(Block(i, o) for i, o in zip([stem] + blocks[:-1], blocks)))
        self.embedding = nn.Sequential(nn.Linear(blocks[-1], width, bias=False), nn.BatchNorm1d(width))
        self.out = nn.Linear(width, CLASSES)

    def forward(self, x):
        return self.embedding(self.blocks(F.relu(self.stem(x), inplace=True)).mean((2, 3)))


def standardised(x):
    return (x - x.mean((1, 2, 3), keepdim=True)) / x.std((1, 2, 3), keepdim=True, unbiased=False)


def distances(x):
    d = (x[:, None] - x[None]).pow(2).sum(2).clamp(min=1e-12).sqrt() * (1 - torch.eye(len(x)))
    return d / d[d > 0].mean()


def angles(x):
    unit = F.normalize(x[None] - x[:, None], dim=2)
    return torch.bmm(unit, unit.transpose(1, 2))


def adam(params, rate, step, state):
    """The fused AdamW itself, without the optimiser object around it: PyTorch's fastest."""
    first, second, steps = state
    with torch.no_grad():
        for s in steps:
            s += 1
        torch._fused_adamw_(params, [p.grad for p in params], first, second, [], steps, lr=rate, beta1=0.9, beta2=0.999,
                            weight_decay=0.02, eps=1e-8, amsgrad=False, maximize=False)
        for p in params:
            p.grad = None


def run(count, epochs):
    images = torch.randint(0, 256, (count, 1, 64, 64), dtype=torch.uint8)
    labels = torch.arange(count) % CLASSES
    teacher = Net(40, 2, [80, 120, 200]).to(memory_format=order).eval()
    student = Net(20, 1, [36, 64]).to(memory_format=order)
    params = list(student.parameters())
    state = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params], [torch.zeros(()) for _ in params]

    def guide(high):
        with torch.inference_mode():
            return teacher(standardised(high).contiguous(memory_format=order)).clone()

    start = time.perf_counter()
    if mode == "cached":
        known = [torch.cat([guide((b.flip(3) if mirrored else b).float() / 255) for b in images.split(256)]) for mirrored in (False, True)]
    knowledge = time.perf_counter() - start
    for epoch in range(epochs):
        for batch in torch.randperm(count).split(64):
            if len(batch) < 64:
                continue
            flip = torch.rand(64) < 0.5
            high = images[batch].float() / 255
            high = torch.where(flip[:, None, None, None], high.flip(3), high)
            if mode == "cached":
                t = torch.where(flip[:, None], known[1][batch], known[0][batch])
            else:
                t = guide(high)
            s = student(standardised(F.avg_pool2d(high, 4)).contiguous(memory_format=order))
            loss = F.cross_entropy(student.out(s), labels[batch])
            loss = loss + 4 * (F.normalize(s) - F.normalize(t)).pow(2).sum(1).mean()
            loss = loss + 10 * F.smooth_l1_loss(distances(s), distances(t)) + 20 * F.smooth_l1_loss(angles(s), angles(t))
            loss.backward()
            adam(params, 3e-3, epoch, state)
    return time.perf_counter() - start, knowledge


run(min(count, 640), 2)
print("torch", mode, "%.2f %.2f" % run(count, epochs))
