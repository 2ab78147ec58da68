"""Values and gradients of the losses that came later, by PyTorch's autograd in float64: python later_losses.py > later_losses.json

Every function is written from the paper's formula, in a few lines, and knows nothing of the library. `s` is the learner's side, `t` the guide's, `bank` the rows that
samples are compared with; sample i's own row is row `own[i]` of the bank, or none (-1).
"""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(7)
double = torch.float64


def neighbourhood(s, t, bank, own, tau, with_own):
    s, t, bank = F.normalize(s, dim=1), F.normalize(t, dim=1), F.normalize(bank, dim=1)
    total = 0
    for i in range(len(s)):
        rows = [bank[j] for j in range(len(bank)) if j != own[i]] + ([t[i]] if with_own else [])
        rows = torch.stack(rows)
        p, q = F.log_softmax(rows @ t[i] / tau, 0), F.log_softmax(rows @ s[i] / tau, 0)
        total = total + F.kl_div(q, p, reduction="sum", log_target=True)
    return total / len(s)


def contrastive(s, t, bank, own, tau):
    s, t, bank = F.normalize(s, dim=1), F.normalize(t, dim=1), F.normalize(bank, dim=1)
    total = 0
    for i in range(len(s)):
        rows = torch.stack([t[i]] + [bank[j] for j in range(len(bank)) if j != own[i]])
        total = total + F.cross_entropy((rows @ s[i] / tau)[None], torch.tensor([0]))
    return total / len(s)


def soft_logits(s, t, T):
    return T * T * F.kl_div(F.log_softmax(s / T, 1), F.log_softmax(t / T, 1), reduction="batchmean", log_target=True)


def standardised(x):
    return (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)


def decoupled(s, t, y, T, alpha, beta):
    p, q = F.softmax(t / T, 1), F.softmax(s / T, 1)
    mask = F.one_hot(y, s.shape[1]).bool()
    two_p = torch.stack([p[mask], 1 - p[mask]], 1)
    two_q = torch.stack([q[mask], 1 - q[mask]], 1)
    target = (two_p * (two_p / two_q).log()).sum(1).mean()
    rest_s = F.log_softmax((s / T)[~mask].reshape(len(s), -1), 1)
    rest_t = F.log_softmax((t / T)[~mask].reshape(len(s), -1), 1)
    return T * T * (alpha * target + beta * F.kl_div(rest_s, rest_t, reduction="batchmean", log_target=True))


def correlation(s, t, T, beta, gamma):
    p, q = F.softmax(t / T, 1), F.softmax(s / T, 1)
    pearson = lambda a, b: F.cosine_similarity(a - a.mean(1, keepdim=True), b - b.mean(1, keepdim=True), dim=1, eps=1e-30)
    return T * T * (beta * (1 - pearson(q, p)).mean() + gamma * (1 - pearson(q.T, p.T)).mean())


def focal(s, y, gamma, weights):
    log_p = F.log_softmax(s, 1).gather(1, y[:, None])[:, 0]
    w = weights[y]
    return (-w * (1 - log_p.exp()) ** gamma * log_p).sum() / w.sum()


def supervised_contrastive(s, t, y, tau):
    log_q = F.log_softmax(F.normalize(s, dim=1) @ F.normalize(t, dim=1).T / tau, 1)
    positive = (y[:, None] == y[None, :]).to(double)
    return -((positive * log_q).sum(1) / positive.sum(1)).mean()


def octuplet(s, t, y, margin):
    s, t = F.normalize(s, dim=1), F.normalize(t, dim=1)
    same = y[:, None] == y[None, :]

    def block(a, b, within):
        total, used = 0, 0
        for i in range(len(a)):
            d = (a[i] - b).norm(dim=1) if not within else torch.stack(
                [(a[i] - b[j]).norm() if j != i else torch.zeros((), dtype=double) for j in range(len(b))])
            pos = [d[j] for j in range(len(b)) if same[i, j] and not (within and i == j)]
            neg = [d[j] for j in range(len(b)) if not same[i, j]]
            if pos and neg:
                total = total + torch.relu(margin + torch.stack(pos).max() - torch.stack(neg).min())
                used += 1
        return total / max(1, used)

    return block(s, t, False) + block(s, s, True) + block(t, s, False)


def class_centre(s, t, bank, classes, own, tau, margin):
    s, bank = F.normalize(s, dim=1), F.normalize(bank, dim=1)
    terms = []
    for i in range(len(s)):
        if own[i] >= 0:
            right = classes == classes[own[i]]
            z = (bank @ s[i] - margin * right.to(double)) / tau
            terms.append(torch.logsumexp(z, 0) - torch.logsumexp(z[right], 0))
    return torch.stack(terms).mean()


def noise_contrastive(s, t, bank, own, tau, noise):
    s, t, bank = F.normalize(s, dim=1), F.normalize(t, dim=1), F.normalize(bank, dim=1)
    total = 0
    for i in range(len(s)):
        others = torch.stack([bank[j] for j in range(len(bank)) if j != own[i]])
        k = (others @ t[i] / tau).exp().sum() if noise is None else noise
        h = lambda rows: (rows @ s[i] / tau).exp() / ((rows @ s[i] / tau).exp() + k)
        total = total - h(t[i]).log() - (1 - h(others)).log().sum()
    return total / len(s)


def relation_contrastive(s, t, tau, noise):
    s, t = F.normalize(s, dim=1), F.normalize(t, dim=1)
    n, terms = len(s), []
    for i in range(n):
        v = F.normalize(t - t[i], dim=1)
        w = F.normalize(s - t[i], dim=1)
        for j in range(n):
            if j == i:
                continue
            others = [k for k in range(n) if k != i and k != j]
            k = (v[others] @ v[j] / tau).exp().sum() if noise is None else noise
            h = lambda rows: (rows @ v[j] / tau).exp() / ((rows @ v[j] / tau).exp() + k)
            terms.append(-h(w[j]).log() - (1 - h(w[others])).log().sum())
    return torch.stack(terms).mean()


def false_accept_rank(s, t, y, rates, tau, weight, across):
    s, t = F.normalize(s, dim=1), F.normalize(t, dim=1)
    n = len(s)
    pairs = [(i, j) for i in range(n) for j in range(0 if across else i + 1, n)]
    first, second = [i for i, _ in pairs], [j for _, j in pairs]
    xs = (s @ (t if across else s).T)[first, second]
    xt = (t @ t.T)[first, second]
    same = y[first] == y[second]
    count = int((~same).sum())
    at = [min(count - 1, int(count * rate)) for rate in rates]

    def rank(x):
        thresholds = x[~same].sort(descending=True).values[at]
        return torch.sigmoid((x[:, None] - thresholds[None]) / tau).sum(1)

    apart = (rank(xs) - rank(xt)) ** 2
    hardest = xs[~same].sort(descending=True).indices[:max(at) + 1]
    return apart[same].mean() + weight * apart[~same][hardest].mean()


def moving_centres(batches, tau, margin):
    """The loss of the last of several batches (s, t, y); alpha and the centres are constants of the gradient."""
    centres = {}
    for s, t, y in batches:
        s, t = F.normalize(s, dim=1), F.normalize(t, dim=1)
        alpha = (s * t).sum(1).clamp(min=0).detach()
        for c in sorted(set(y.tolist())):
            of = y == c
            if c in centres:
                mixed = alpha[of].mean() * centres[c] + ((1 - alpha[of])[:, None] * t[of]).mean(0)
            else:
                mixed = t[of].mean(0)
            centres[c] = F.normalize(mixed, dim=0).detach()
        known = sorted(centres)
        target = torch.tensor([known.index(c) for c in y.tolist()])
        z = s @ torch.stack([centres[c] for c in known]).T
        value = F.cross_entropy((z - margin * F.one_hot(target, len(known)).to(double)) / tau, target)
    return value


def quality_margin(cosines, x, y, scale, margin, h):
    a = x.norm(dim=1).clip(1e-3, 100).detach()
    q = (h * (a - a.mean()) / (a.std() + 1e-3)).clip(-1, 1)
    one = F.one_hot(y, cosines.shape[1])
    angle = cosines.clamp(-1 + 1e-3, 1 - 1e-3).acos() - one * (margin * q)[:, None]
    z = angle.clip(1e-3, torch.pi - 1e-3).cos() - one * (margin * (1 + q))[:, None]
    return F.cross_entropy(scale * z, y)


def magnitude_margin(cosines, x, y, scale, low, high, shortest, longest, price):
    a = x.norm(dim=1).clamp(shortest, longest)
    margin = low + (high - low) * (a - shortest) / (longest - shortest)
    one = F.one_hot(y, cosines.shape[1])
    z = (cosines.acos() + one * margin[:, None]).cos()
    return F.cross_entropy(scale * z, y) + price * (1 / a + a / longest ** 2).mean()


def onto(x, y):
    """Both maps averaged onto the grid that both have room for."""
    grid = (min(x.shape[2], y.shape[2]), min(x.shape[3], y.shape[3]))
    return F.adaptive_avg_pool2d(x, grid), F.adaptive_avg_pool2d(y, grid)


def hint(s, t, scaled):
    s, t = onto(s, t)
    return F.mse_loss(s, t) / (t.var(dim=(0, 2, 3), unbiased=False).mean() if scaled else 1)


def attention(s, t):
    s, t = onto(s.pow(2).sum(1, keepdim=True), t.pow(2).sum(1, keepdim=True))
    return (F.normalize(s.flatten(1), dim=1) - F.normalize(t.flatten(1), dim=1)).pow(2).sum(1).mean()


def affinity(s, t):
    s, t = onto(s, t)
    alike = lambda x: torch.einsum("ncp,ncq->npq", F.normalize(x.flatten(2), dim=1), F.normalize(x.flatten(2), dim=1))
    return (alike(s) - alike(t)).pow(2).mean()


bank = torch.randn(20, 6, dtype=double).to(torch.float32).to(double)  # the bank is kept in single precision
own = [3, 11, -1, 0, 19]
t = torch.stack([bank[j] if j >= 0 else torch.randn(6, dtype=double).to(torch.float32).to(double) for j in own])
s = (t + 0.7 * torch.randn(5, 6, dtype=double)).requires_grad_()
logits_t = 3 * torch.randn(5, 4, dtype=double)
logits_s = (2 * torch.randn(5, 4, dtype=double)).requires_grad_()
y = torch.tensor([0, 2, 0, 1, 2])
weights = torch.tensor([0.5, 2.0, 1.0, 0.25], dtype=double)
bank_classes = torch.tensor([j % 4 for j in range(20)])
earlier_t = torch.randn(5, 6, dtype=double)
earlier_s = earlier_t + 0.7 * torch.randn(5, 6, dtype=double)
earlier_y = torch.tensor([2, 2, 3, 0, 4])
normed = torch.cat([0.6 * torch.rand(5, 4, dtype=double), 2 * torch.randn(5, 3, dtype=double)], 1).requires_grad_()

losses = {}


def keep(name, definition, value, by):
    gradient, = torch.autograd.grad(value, by)
    losses[name] = {"definition": definition, "value": value.item(), "grad": gradient.tolist()}


keep("neighbourhood", "tau 0.2, own row among the candidates", neighbourhood(s, t, bank, own, 0.2, True), s)
keep("neighbourhood_without_own", "tau 0.2, own row left out", neighbourhood(s, t, bank, own, 0.2, False), s)
keep("contrastive", "tau 0.2", contrastive(s, t, bank, own, 0.2), s)
keep("standardised_soft_logits", "T 2, logits of mean 0 and deviation 1 (n - 1)",
     soft_logits(standardised(logits_s), standardised(logits_t), 2), logits_s)
keep("decoupled", "T 4, alpha 1, beta 8, target the guide's class", decoupled(logits_s, logits_t, logits_t.argmax(1), 4, 1, 8), logits_s)
keep("decoupled_labelled", "T 2, alpha 0.5, beta 3, target the label", decoupled(logits_s, logits_t, y, 2, 0.5, 3), logits_s)
keep("correlation", "T 2, beta 1, gamma 3", correlation(logits_s, logits_t, 2, 1, 3), logits_s)
keep("focal", "gamma 1.5, class weights", focal(logits_s, y, 1.5, weights), logits_s)
keep("supervised_contrastive", "tau 0.2", supervised_contrastive(s, t, y, 0.2), s)
keep("octuplet", "margin 0.5", octuplet(s, t, y, 0.5), s)
keep("class_centre", "tau 0.2, margin 0.1, classes of the bank's rows", class_centre(s, t, bank, bank_classes, own, 0.2, 0.1), s)
keep("noise_contrastive", "tau 0.2, kappa by the guide's own row", noise_contrastive(s, t, bank, own, 0.2, None), s)
keep("noise_contrastive_stated", "tau 0.2, kappa 1.5", noise_contrastive(s, t, bank, own, 0.2, 1.5), s)
keep("relation_contrastive", "tau 0.2, kappa by the guide's own relations", relation_contrastive(s, t, 0.2, None), s)
keep("relation_contrastive_stated", "tau 0.2, kappa 1.5", relation_contrastive(s, t, 0.2, 1.5), s)
keep("false_accept_rank", "rates 0.2 and 0.5, tau 0.1, weight 0.5, within the streams",
     false_accept_rank(s, t, y, [0.2, 0.5], 0.1, 0.5, False), s)
keep("false_accept_rank_across", "rates 0.2 and 0.5, tau 0.1, weight 0.5, across the streams",
     false_accept_rank(s, t, y, [0.2, 0.5], 0.1, 0.5, True), s)
keep("moving_centres", "tau 0.2, margin 0.1, after the earlier batch",
     moving_centres([(earlier_s, earlier_t, earlier_y), (s, t, y)], 0.2, 0.1), s)
keep("quality_margin", "scale 8, margin 0.4, h 0.333", quality_margin(normed[:, :4], normed[:, 4:], y, 8, 0.4, 0.333), normed)
keep("magnitude_margin", "scale 8, margins 0.2 to 0.5, lengths 1 to 5, price 3",
     magnitude_margin(normed[:, :4], normed[:, 4:], y, 8, 0.2, 0.5, 1, 5, 3), normed)
map_t = torch.randn(4, 3, 6, 5, dtype=double)
map_s = torch.randn(4, 3, 4, 3, dtype=double).requires_grad_()
for name, definition, value in [
        ("hint", "in units of the guide's variance", hint(map_s, map_t, True)),
        ("hint_plain", "mean square", hint(map_s, map_t, False)),
        ("attention", "p 2, sum over places", attention(map_s, map_t)),
        ("affinity", "cosines of places", affinity(map_s, map_t))]:
    keep(name, definition, value, map_s)
    losses[name]["grad"] = torch.tensor(losses[name]["grad"], dtype=double).flatten(1).tolist()

print(json.dumps({"bank": bank.tolist(), "guide": t.tolist(), "learner": s.tolist(), "guide_logits": logits_t.tolist(),
                  "learner_logits": logits_s.tolist(), "labels": y.tolist(), "class_weights": weights.tolist(), "bank_classes": bank_classes.tolist(),
                  "earlier_guide": earlier_t.tolist(), "earlier_learner": earlier_s.tolist(), "earlier_labels": earlier_y.tolist(),
                  "normed_cosines": normed.tolist(), "guide_maps": map_t.flatten(1).tolist(), "learner_maps": map_s.flatten(1).tolist(),
                  "losses": losses}, indent=1))
