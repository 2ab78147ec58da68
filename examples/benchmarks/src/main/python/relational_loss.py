"""Second and third order together in PyTorch, as one would write them down: B x B x D differences, B x B x B angles, autograd.

    python relational_loss.py 256 128 [seconds [RKD_COMPATIBLE | GUIDE_SCALED]]

The first form is the published one; the second holds differences in units of the standard deviation of the guide's distances and cosines, over distinct rows. It
prints "median minimum median-of-processor-time" in milliseconds of one forward and backward pass, the guide's side included,
float32, on one thread. Measured twice, with the allocator as it comes and kept warm; of each figure the better one.
"""
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[4] / "pytorch"))
import allocator


def relations(x):
    differences = x.unsqueeze(0) - x.unsqueeze(1)
    lengths = differences.pow(2).sum(2).clamp(min=1e-12).sqrt()
    lengths = lengths * (1 - torch.eye(len(x)))
    unit = F.normalize(differences, dim=2)
    return lengths / lengths[lengths > 0].mean(), torch.bmm(unit, unit.transpose(1, 2))


def published(guide, learner):
    with torch.no_grad():
        guide_lengths, guide_angles = relations(guide)
    lengths, angles = relations(learner)
    return F.smooth_l1_loss(lengths, guide_lengths) + F.smooth_l1_loss(angles, guide_angles)


def scaled(values, targets, ones, count):
    """Huber's loss of differences over the targets' standard deviation, their mean over count places. Of the others, so many are 1 on both sides, the rest 0."""
    flat = targets.flatten()
    mean = (flat.sum() - ones) / count
    spread = ((torch.dot(flat, flat) - ones) / count - mean * mean).sqrt().item()
    return F.smooth_l1_loss(values, targets, reduction="sum", beta=spread) / (spread * count)


def guide_scaled(guide, learner):
    n = len(guide)
    with torch.no_grad():
        guide_lengths, guide_angles = relations(guide)
    lengths, angles = relations(learner)
    return scaled(lengths, guide_lengths, 0, n * (n - 1)) + scaled(angles, guide_angles, n * (n - 1), n * (n - 1) * (n - 2))


def main():
    rows, width = int(sys.argv[1]), int(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 5
    loss = {"RKD_COMPATIBLE": published, "GUIDE_SCALED": guide_scaled}[sys.argv[4] if len(sys.argv) > 4 else "RKD_COMPATIBLE"]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    guides = [torch.randn(rows, width) for _ in range(4)]
    learners = [torch.randn(rows, width, requires_grad=True) for _ in range(4)]
    times = []
    processor = []
    begin = time.perf_counter()
    while len(times) < 5 or time.perf_counter() - begin < seconds:
        i = len(times) % 4
        learners[i].grad = None
        start = time.perf_counter()
        processor_start = time.process_time()
        loss(guides[i], learners[i]).backward()
        processor.append(1e3 * (time.process_time() - processor_start))
        times.append(1e3 * (time.perf_counter() - start))
    times = sorted(times[len(times) // 5:])
    processor = sorted(processor[len(processor) // 5:])
    print(f"{times[len(times) // 2]:.4f} {times[0]:.4f} {processor[len(processor) // 2]:.4f}")


if __name__ == "__main__":
    counts = allocator.both()
    if counts is None:
        import torch
        import torch.nn.functional as F
        main()
    else:
        print(*(min(figures, key=float) for figures in zip(counts[0][0], counts[1][0])))
