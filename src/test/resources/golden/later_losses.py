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


bank = torch.randn(20, 6, dtype=double).to(torch.float32).to(double)  # the bank is kept in single precision
own = [3, 11, -1, 0, 19]
t = torch.stack([bank[j] if j >= 0 else torch.randn(6, dtype=double).to(torch.float32).to(double) for j in own])
s = (t + 0.7 * torch.randn(5, 6, dtype=double)).requires_grad_()
logits_t = 3 * torch.randn(5, 4, dtype=double)
logits_s = (2 * torch.randn(5, 4, dtype=double)).requires_grad_()
y = torch.tensor([0, 2, 0, 1, 2])
weights = torch.tensor([0.5, 2.0, 1.0, 0.25], dtype=double)

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

print(json.dumps({"bank": bank.tolist(), "guide": t.tolist(), "learner": s.tolist(), "guide_logits": logits_t.tolist(),
                  "learner_logits": logits_s.tolist(), "labels": y.tolist(), "class_weights": weights.tolist(), "losses": losses}, indent=1))
