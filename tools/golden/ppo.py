"""Golden numbers of PPO in PyTorch, by the formulas of TRL 0.29.1 (trl/experimental/ppo/ppo_trainer.py): per-token KL penalties, generalised advantage
estimates, whitening, the clipped surrogate with its gradient, and the exact KL between next-token distributions with its gradient.

    python tools/golden/ppo.py --out packages/finetune/test/golden/ppo.json
"""

import argparse
import json
from pathlib import Path

import torch

SEED = 20261129
TOKENS, VOCABULARY = 7, 5
CLIP = 0.2


def rounded(tensor):
    return [float(f"{v:.9g}") for v in tensor.flatten().tolist()]


def masked_mean(values, mask):
    return (values * mask).sum() / mask.sum()


def masked_whiten(values, mask):
    mean = masked_mean(values, mask)
    variance = masked_mean((values - mean) ** 2, mask) * mask.sum() / (mask.sum() - 1)
    return (values - mean) * torch.rsqrt(variance + 1e-8)


def advantages(rewards, values, gamma, lam):
    """The loop of PPOTrainer.train, on [replies, tokens]."""
    last, reversed_ = 0, []
    for t in reversed(range(rewards.shape[1])):
        following = values[:, t + 1] if t < rewards.shape[1] - 1 else 0.0
        delta = rewards[:, t] + gamma * following - values[:, t]
        last = delta + gamma * lam * last
        reversed_.append(last)
    result = torch.stack(reversed_[::-1], axis=1)
    return result, result + values


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)

    # Two replies of 3 and 4 tokens, padded to 4 as in TRL.
    mask = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]]).bool()
    rewards, values = torch.randn(2, 4) * mask, torch.randn(2, 4) * mask
    gains, returns = advantages(rewards, values, 0.7, 0.95)
    logp, ref = -torch.rand(2, 4), -torch.rand(2, 4)
    logr = ref - logp

    logits = torch.randn(TOKENS, VOCABULARY, requires_grad=True)
    reference = torch.log_softmax(torch.randn(TOKENS, VOCABULARY), -1)
    ids = torch.randint(VOCABULARY, (TOKENS,))
    log_probs = torch.log_softmax(logits, -1)
    new = log_probs.gather(-1, ids[:, None])[:, 0]
    old = (new + 0.3 * torch.randn(TOKENS)).detach()
    advantage = torch.randn(TOKENS)
    ratio = torch.exp(new - old)
    losses, losses2 = -advantage * ratio, -advantage * torch.clamp(ratio, 1 - CLIP, 1 + CLIP)
    policy = torch.max(losses, losses2).mean()
    kl = (log_probs.exp() * (log_probs - reference)).sum(-1).mean()
    (policy_slope,) = torch.autograd.grad(policy, logits, retain_graph=True)
    (kl_slope,) = torch.autograd.grad(kl, logits)

    golden = {
        "command": "python tools/golden/ppo.py --out packages/finetune/test/golden/ppo.json",
        "made_with": {"torch": torch.__version__, "formulas": "trl 0.29.1"},
        "lengths": mask.sum(1).tolist(),
        "rewards": rounded(rewards[mask]),
        "values": rounded(values[mask]),
        "discount": 0.7,
        "smoothing": 0.95,
        "advantages": rounded(gains[mask]),
        "returns": rounded(returns[mask]),
        "whitened": rounded(masked_whiten(gains, mask)[mask]),
        "logProbs": rounded(logp[mask]),
        "referenceLogProbs": rounded(ref[mask]),
        "k1": rounded(-logr[mask]),
        "logits": rounded(logits.detach()),
        "reference": rounded(reference),
        "ids": ids.tolist(),
        "oldLogProbs": rounded(old),
        "tokenAdvantages": rounded(advantage),
        "clip": CLIP,
        "policyLoss": policy.item(),
        "clipFraction": (losses2 > losses).double().mean().item(),
        "approximateKl": (0.5 * ((new - old) ** 2).mean()).item(),
        "policyGradient": rounded(policy_slope),
        "kl": kl.item(),
        "klGradient": rounded(kl_slope),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(golden, indent=1) + "\n")


main()
