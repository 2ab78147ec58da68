"""Rows of the experiments once more in PyTorch: our layouts and schedules, code that shares nothing with the library. Where these agree with ours and the
reference does not, the difference lies in what the reference's protocol leaves open, not in the training.

Usage: check.py lfw DIR [SEEDS [RAMP]] teacher, labels only, first order, hybrid + soft logits (angles of the whole batch, and of 32 as in the reference):
                                       AUC of pairsDevTest within 16x16 and across, a teacher a seed. RAMP: the share of its steps over which a teacher's
                                       margin grows; without, it is there from the start. (Needs Pillow; DIR as for the example Lfw; ten minutes a seed)
       check.py fashion DIR [SEEDS]    setting B, labels only, distance alone, angle alone: top-1 (DIR as for the example FashionMnist)

Prints one line a row: the figure of every seed, mean and sample standard deviation; lfw a line a seed before that. One thread.
"""
import collections
import gzip
import io
import math
import pathlib
import statistics
import sys
import zipfile

import allocator

allocator.keep_warm()

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)


class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.a, self.an = nn.Conv2d(i, o, 3, 2, 1, bias=False), nn.BatchNorm2d(o)
        self.b, self.bn = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.s, self.sn = nn.Conv2d(i, o, 1, 2, bias=False), nn.BatchNorm2d(o)

    def forward(self, x):
        return F.relu(self.bn(self.b(F.relu(self.an(self.a(x))))) + self.sn(self.s(x)))


class Net(nn.Module):
    """Stem, blocks of stride 2, average, linear, batch-norm: the embedding. Weights start uniformly within 1/sqrt(fan-in)."""

    def __init__(self, stem, blocks, width, stride=1, dropout=0):
        super().__init__()
        self.dropout = dropout
        self.stem, self.norm = nn.Conv2d(1, stem, 3, stride, 1, bias=False), nn.BatchNorm2d(stem)
        self.blocks = nn.Sequential(*(Block(i, o) for i, o in zip([stem] + blocks[:-1], blocks)))
        self.linear, self.last = nn.Linear(blocks[-1], width, bias=False), nn.BatchNorm1d(width)
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.uniform_(m.weight, -1 / math.sqrt(m.weight[0].numel()), 1 / math.sqrt(m.weight[0].numel()))

    def forward(self, x):
        pooled = self.blocks(F.relu(self.norm(self.stem(x)))).mean((2, 3))
        return self.last(self.linear(F.dropout(pooled, self.dropout, self.training)))


class AdamW:
    """Weight decay on matrices; one cycle."""

    def __init__(self, net, head, steps, rate=3e-3, decay=0.02):
        self.params = list(net.parameters()) + head
        self.rate, self.decay = rate, decay
        self.steps, self.t, self.state = steps, 0, {}

    @torch.no_grad()
    def step(self):
        progress = self.t / (self.steps - 1)
        half = lambda a, b, p: b + (a - b) * (1 + math.cos(math.pi * min(1, p))) / 2
        rate = self.rate * (half(1 / 25, 1, progress / 0.3) if progress < 0.3 else half(1, 1e-4 / 25, (progress - 0.3) / 0.7))
        self.t += 1
        for p in self.params:
            if p.grad is None:
                continue
            m, v = self.state.setdefault(p, (torch.zeros_like(p), torch.zeros_like(p)))
            p.mul_(1 - rate * (self.decay if p.dim() > 1 else 0))
            m.mul_(0.9).add_(p.grad, alpha=0.1)
            v.mul_(0.999).addcmul_(p.grad, p.grad, value=0.001)
            p.addcdiv_(m, (v / (1 - 0.999 ** self.t)).sqrt_().add_(1e-8), value=-rate / (1 - 0.9 ** self.t))
            p.grad = None


def batches(count, steps, draw):
    order = []
    for _ in range(steps):
        if len(order) < 64:
            order = list(draw.permutation(count))
        yield np.array(order[:64])
        order = order[64:]


def report(row, figures):
    spread = statistics.stdev(figures) if len(figures) > 1 else float("nan")
    print(f"{row}: {' '.join(f'{f:.2f}' for f in figures)}, {statistics.mean(figures):.2f} +- {spread:.2f}", flush=True)


# The published relations (Park et al., CVPR 2019).

def distances(x):
    d = (x[:, None] - x[None]).pow(2).sum(2).clamp(min=1e-12).sqrt() * (1 - torch.eye(len(x)))
    return d / d[d > 0].mean()


def angles(x):
    unit = F.normalize(x[None] - x[:, None], dim=2)
    return torch.bmm(unit, unit.transpose(1, 2))


# LFW.

def lfw(folder, seeds, ramp=0):
    from PIL import Image
    with zipfile.ZipFile(folder / "lfw64.zip") as archive:
        names = sorted(n for n in archive.namelist() if n.endswith(".png"))
        images = np.stack([np.asarray(Image.open(io.BytesIO(archive.read(n))).convert("L")) for n in names])
    images = torch.tensor(images.astype(np.float32) / 255)[:, None]
    names = [n.split("/")[-1][:-4] for n in names]
    people = [n.rsplit("_", 1)[0] for n in names]
    place = {n: i for i, n in enumerate(names)}
    lines = lambda file: [l.split("\t") for l in (folder / file).read_text().splitlines()[1:]]
    development = {l[0] for l in lines("peopleDevTrain.txt")}
    count, last = {}, {}
    for i, p in enumerate(people):
        count[p], last[p] = count.get(p, 0) + 1, i
    train = [i for i, p in enumerate(people) if p in development and (count[p] < 5 or last[p] != i)]
    classes = {p: c for c, p in enumerate(sorted({people[i] for i in train if count[people[i]] >= 5}))}
    labels = torch.tensor([classes.get(people[i], -1) for i in train])
    train = torch.tensor(train)
    labelled = (labels >= 0).nonzero()[:, 0]

    def pairs(file):
        at = lambda name, number: place["%s_%04d" % (name, int(number))]
        found = [(at(l[0], l[1]), at(l[0], l[2]), 1) if len(l) == 3 else (at(l[0], l[1]), at(l[2], l[3]), 0) for l in lines(file)]
        return (np.array(column) for column in zip(*found))

    test = tuple(pairs("pairsDevTest.txt"))
    standard = lambda x: (x - x.mean((1, 2, 3), keepdim=True)) / x.std((1, 2, 3), keepdim=True, unbiased=False).clamp_min(1e-3)
    low = lambda x: standard(F.avg_pool2d(x, 4))

    def embedded(net, view):
        net.eval()
        with torch.no_grad():
            return torch.cat([F.normalize(net(view(x)) + net(view(x.flip(3)))) for x in images.split(512)]).numpy()

    def auc(left, right, both=False):
        a, b, same = (np.concatenate([x, y]) for x, y in zip(test, (test[1], test[0], test[2]))) if both else test
        scores = (left[a] * right[b]).sum(1)
        rank = np.empty(len(scores))
        rank[np.argsort(scores, kind="stable")] = np.arange(1, len(scores) + 1)
        matched = same.sum()
        return 100 * (rank[same == 1].sum() - matched * (matched + 1) / 2) / (matched * (len(same) - matched))

    def cosine_loss(cosines, wanted, margin):
        own = F.one_hot(wanted, len(classes))
        return F.cross_entropy(16 * (cosines - margin * own), wanted)

    def class_weights():
        return nn.Parameter(F.normalize(torch.empty(len(classes), 128).uniform_(-1, 1)))

    def capped(draw):
        """The batches of an epoch with at most 40 images a person."""
        seen, order = collections.Counter(), []
        for i in draw.permutation(len(labelled)):
            seen[labels[labelled[i]].item()] += 1
            if seen[labels[labelled[i]].item()] <= 40:
                order.append(i)
        return [labelled[order[k:k + 64]] for k in range(0, len(order) - 63, 64)]

    def teach(seed):
        torch.manual_seed(seed)
        draw = np.random.default_rng(seed)
        net, weights = Net(32, [64, 96, 160], 128, 2, 0.2), class_weights()
        adam = AdamW(net, [weights], 32 * len(capped(draw)), 4e-3, 0.05)
        for batch in (b for _ in range(32) for b in capped(draw)):
            x = images[train[batch]]
            x = torch.where(torch.tensor(draw.random(64) < 0.5)[:, None, None, None], x.flip(3), x)
            turn, scale = draw.uniform(-0.1, 0.1, 64), 1 + draw.uniform(-0.08, 0.08, 64)
            shift = draw.integers(-4, 5, (2, 64)) / 32
            where = np.stack([np.cos(turn) / scale, -np.sin(turn) / scale, shift[0], np.sin(turn) / scale, np.cos(turn) / scale, shift[1]], 1).reshape(64, 2, 3)
            grid = F.affine_grid(torch.tensor(where, dtype=torch.float32), x.shape, align_corners=False)
            x = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
            margin = 0.2 * min(1, adam.t / adam.steps / ramp) if ramp else 0.2
            cosine_loss(F.normalize(net(standard(x))) @ weights.t(), labels[batch], margin).backward()
            adam.step()
            with torch.no_grad():
                weights.copy_(F.normalize(weights))
        return net, weights

    def learn(seed, on, loss):
        """A student of 1,200 steps; the guide's answers are those of the unshifted image, flipped with it."""
        torch.manual_seed(seed)
        draw = np.random.default_rng(seed)
        net, weights = Net(20, [36, 64], 128), class_weights()
        adam = AdamW(net, [weights], 1200)
        for batch in (on[b] for b in batches(len(on), 1200, draw)):
            flip = draw.random(64) < 0.5
            x = images[train[batch]]
            x = F.pad(torch.where(torch.tensor(flip)[:, None, None, None], x.flip(3), x), (2, 2, 2, 2), mode="replicate")
            dx, dy = draw.integers(0, 5, 64), draw.integers(0, 5, 64)
            x = torch.stack([x[i, :, dy[i]:dy[i] + 64, dx[i]:dx[i] + 64] for i in range(64)])
            e = net(low(x))
            loss(e, F.normalize(e) @ weights.t(), batch, torch.tensor(flip)[:, None]).backward()
            adam.step()
            with torch.no_grad():
                weights.copy_(F.normalize(weights))
        return embedded(net, low)

    rows = collections.defaultdict(list)
    for seed in seeds:
        teacher, proxies = teach(1000 + seed)
        gallery = embedded(teacher, standard)
        with torch.no_grad():
            known = [torch.cat([teacher(standard(images[i].flip(3) if mirrored else images[i])) for i in train.split(512)]) for mirrored in (False, True)]

        def on_labels(e, cosines, batch, flip):
            there = labels[batch] >= 0
            return cosine_loss(cosines[there], labels[batch][there], 0.15) if there.any() else 0

        def first(e, cosines, batch, flip):
            return (F.normalize(e) - F.normalize(torch.where(flip, known[1][batch], known[0][batch]))).pow(2).sum(1).mean()

        def hybrid(e, cosines, batch, flip, related=64):
            """The angles of the first so many of the batch; the reference relates 32."""
            t = F.normalize(torch.where(flip, known[1][batch], known[0][batch]))
            u = F.normalize(e)
            soft = F.kl_div(F.log_softmax(8 * cosines, 1), F.softmax(8 * t @ proxies.t(), 1), reduction="batchmean") * 4
            relations = 10 * F.smooth_l1_loss(distances(u), distances(t)) + 20 * F.smooth_l1_loss(angles(u[:related]), angles(t[:related]))
            return on_labels(e, cosines, batch, flip) + 4 * first(e, cosines, batch, flip) + relations + soft

        rows["teacher on HR: AUC"].append(auc(gallery, gallery))
        everything = torch.arange(len(train))
        for row, on, loss in (("labels only", labelled, on_labels), ("first order, no labels", everything, first), ("hybrid + soft logits", everything, hybrid),
                              ("hybrid + soft logits, angles of 32", everything, lambda *given: hybrid(*given, related=32))):
            student = learn(seed, on, loss)
            rows[row + ": AUC"].append(auc(student, student))
            if loss is not on_labels:
                rows[row + ": x AUC"].append(auc(gallery, student, True))
        print(f"seed {seed}: " + ", ".join(f"{row} {figures[-1]:.2f}" for row, figures in rows.items()), flush=True)
    for row, figures in rows.items():
        report("LFW, " + row, figures)


# Fashion-MNIST, setting B.

def fashion(folder, seeds):
    def idx(name):
        data = gzip.open(folder / (name + ".gz")).read()
        sides = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(data[3])]
        return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(sides)

    high = torch.tensor(idx("train-images-idx3-ubyte")[:10000].astype(np.float32) / 255)[:, None]
    labels = torch.tensor(idx("train-labels-idx1-ubyte")[:10000].astype(np.int64))
    tests = torch.tensor(idx("t10k-images-idx3-ubyte").astype(np.float32) / 255)[:, None]
    wanted = torch.tensor(idx("t10k-labels-idx1-ubyte").astype(np.int64))
    low = lambda x: F.avg_pool2d(x, 4) * 2 - 1
    steps = 8 * (10000 // 64)

    def start(seed, stem, blocks):
        torch.manual_seed(seed)
        net = Net(stem, blocks, 64)
        head = nn.Linear(64, 10)
        return net, head, AdamW(net, list(head.parameters()), steps), np.random.default_rng(seed)

    def flipped(x, flip):
        return torch.where(torch.tensor(flip)[:, None, None, None], x.flip(3), x)

    def top1(net, head, view):
        net.eval()
        with torch.no_grad():
            return 100 * (torch.cat([head(net(view(x))) for x in tests.split(500)]).argmax(1) == wanted).float().mean().item()

    teacher, head, adam, draw = start(1000, 32, [64, 100, 160])
    for batch in batches(10000, steps, draw):
        F.cross_entropy(head(teacher(flipped(high[batch], draw.random(64) < 0.5) * 2 - 1)), labels[batch]).backward()
        adam.step()
    report("Fashion-MNIST, teacher on HR: acc", [top1(teacher, head, lambda x: x * 2 - 1)])
    with torch.no_grad():
        known = [torch.cat([teacher((x.flip(3) if mirrored else x) * 2 - 1) for x in high.split(500)]) for mirrored in (False, True)]
    small = low(high)
    for row, weight, relation in (("labels only", 0, None), ("distance alone", 25, distances), ("angle alone", 50, angles)):
        results = []
        for seed in seeds:
            net, head, adam, draw = start(seed, 16, [32, 52])
            for batch in batches(2000 if relation is None else 10000, steps, draw):
                flip = draw.random(64) < 0.5
                e = net(flipped(small[batch], flip))
                labelled = torch.tensor(batch < 2000)
                loss = F.cross_entropy(head(e)[labelled], labels[batch][labelled]) if labelled.any() else 0
                if relation is not None:
                    t = torch.where(torch.tensor(flip)[:, None], known[1][batch], known[0][batch])
                    loss = loss + weight * F.smooth_l1_loss(relation(e), relation(t))
                loss.backward()
                adam.step()
            results.append(top1(net, head, low))
        report(f"Fashion-MNIST B, {row}: acc", results)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("lfw", "fashion"):
        sys.exit(__doc__)
    run = {"lfw": lfw, "fashion": fashion}[sys.argv[1]]
    run(pathlib.Path(sys.argv[2]), range(1, 1 + (int(sys.argv[3]) if len(sys.argv) > 3 else 3)), *map(float, sys.argv[4:]))
