"""PPO on per-token feedback with a KL penalty to the base model.

Sequences are continuations of review beginnings. The feedback for the token sampled at step t is its reward; advantages are generalised
advantage estimates (Schulman et al. 2016) with a linear value estimate on the base model's last hidden state. The loss is the clipped ratio
(Schulman et al. 2017) plus beta times KL(tuned || base) of the next-token distributions, summed over the vocabulary exactly: sampling that
penalty instead doubles the noise and, at this size, the drift from the base.
"""

import copy
import random
import time
from dataclasses import dataclass
from typing import NamedTuple

import torch

from model_files import CONTEXT, round_to_half


LONGEST_PROMPT = 40


@dataclass(frozen=True)
class Settings:
    seed: int
    steps: int = 100
    groups: int = 2
    group_size: int = 32
    new_tokens: int = 24
    epochs: int = 2
    minibatches: int = 2
    clip: float = 0.2
    kl_penalty: float = 0.5
    discount: float = 0.7
    smoothing: float = 0.95
    rate: float = 4e-4
    value_rate: float = 0.01


class Rollout(NamedTuple):
    """Sampled sequences whose first `start` ids are the prompt; the rest is per new token."""

    ids: torch.Tensor
    start: int
    old: torch.Tensor
    reference: torch.Tensor
    states: torch.Tensor
    gains: torch.Tensor
    returns: torch.Tensor


@torch.no_grad()
def sample(model, prompts, new_tokens, generator):
    """Continues prompts [batch, n] by ancestral sampling at temperature 1.

    Returns ids [batch, n + new_tokens] and the log-probabilities of the new ones [batch, new_tokens].
    """
    ids, cache, step, chosen = prompts, None, prompts, []
    for _ in range(new_tokens):
        out = model(step, past_key_values=cache, use_cache=True, logits_to_keep=1)
        cache = out.past_key_values
        log_probs = torch.log_softmax(out.logits[:, -1], dim=-1)
        step = torch.multinomial(log_probs.exp(), 1, generator=generator)
        ids = torch.cat([ids, step], dim=1)
        chosen.append(log_probs.gather(-1, step))
    return ids, torch.cat(chosen, dim=1)


def log_distributions(model, ids, start):
    """log p(. | ids[<t]) for t >= start, [batch, n - start, vocabulary], and the states that they are read from."""
    states = model.gpt_neox(ids[:, :-1]).last_hidden_state[:, start - 1 :]
    return torch.log_softmax(model.get_output_embeddings()(states), dim=-1), states


def of_tokens(log_probs, ids, start):
    """The log-probabilities of the tokens that stand there, [batch, n - start]."""
    return log_probs.gather(-1, ids[:, start:, None]).squeeze(-1)


def advantages(rewards, values, settings):
    """GAE over [batch, steps]; the continuation is cut after the last token, so no value follows it."""
    result = torch.zeros_like(rewards)
    running = torch.zeros(rewards.shape[0])
    for t in reversed(range(rewards.shape[1])):
        following = values[:, t + 1] if t + 1 < rewards.shape[1] else torch.zeros(rewards.shape[0])
        delta = rewards[:, t] + settings.discount * following - values[:, t]
        running = delta + settings.discount * settings.smoothing * running
        result[:, t] = running
    return result


def draw_prompts(encoded, length, count, chooser):
    """Beginnings of `length` ids, with or without the separator in front."""
    prompts = []
    while len(prompts) < count:
        ids = chooser.choice(encoded)
        ids = [0, *ids] if chooser.random() < 0.5 else ids
        if len(ids) >= length:
            prompts.append(ids[:length])
    return torch.tensor(prompts)


def policy_loss(policy, rollout, part, settings):
    """Clipped objective and KL penalty, means over the sampled tokens of the chosen sequences."""
    ids = rollout.ids[part]
    log_probs, _ = log_distributions(policy, ids, rollout.start)
    ratio = torch.exp(of_tokens(log_probs, ids, rollout.start) - rollout.old[part])
    gain = rollout.gains[part]
    clipped = ratio.clamp(1 - settings.clip, 1 + settings.clip)
    divergence = (log_probs.exp() * (log_probs - rollout.reference[part])).sum(-1)
    return (settings.kl_penalty * divergence - torch.minimum(ratio * gain, clipped * gain)).mean()


def tune(base, feedback, encoded, settings, log):
    """Tunes a copy of `base`; feedback [vocabulary] is each token's reward. Returns the model and its record."""
    policy = copy.deepcopy(base).train()
    generator = torch.Generator().manual_seed(settings.seed)
    chooser = random.Random(settings.seed)
    optimizer = torch.optim.Adam(policy.parameters(), lr=settings.rate, betas=(0.9, 0.98))
    value = torch.nn.Linear(base.config.hidden_size, 1)
    torch.nn.init.zeros_(value.weight)
    torch.nn.init.zeros_(value.bias)
    value_optimizer = torch.optim.Adam(value.parameters(), lr=settings.value_rate)
    reward_history, kl_history, started = [], [], time.time()

    for step in range(settings.steps):
        batch = []
        for _ in range(settings.groups):
            length = chooser.randint(1, min(LONGEST_PROMPT, CONTEXT - settings.new_tokens))
            prompts = draw_prompts(encoded, length, settings.group_size, chooser)
            ids, old = sample(policy, prompts, settings.new_tokens, generator)
            with torch.no_grad():
                reference, states = log_distributions(base, ids, length)
                rewards = feedback[ids[:, length:]]
                values = value(states).squeeze(-1)
                gains = advantages(rewards, values, settings)
            batch.append(Rollout(ids, length, old, reference, states, gains, gains + values))
            reward_history.append(rewards.sum(1).mean().item())
            kl_history.append((old - of_tokens(reference, ids, length)).sum(1).mean().item())

        for group in optimizer.param_groups:
            group["lr"] = settings.rate * (1 - 0.9 * step / settings.steps)
        for _ in range(settings.epochs):
            for rollout in batch:
                order = torch.randperm(settings.group_size, generator=generator)
                for part in order.chunk(settings.minibatches):
                    loss = policy_loss(policy, rollout, part, settings)
                    optimizer.zero_grad()
                    loss.backward()
                    torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
                    optimizer.step()
                    error = (value(rollout.states[part]).squeeze(-1) - rollout.returns[part]).square().mean()
                    value_optimizer.zero_grad()
                    error.backward()
                    value_optimizer.step()
        if (step + 1) % 10 == 0:
            recent = 10 * settings.groups
            log(
                f"  step {step + 1}/{settings.steps}: reward {average(reward_history[-recent:]):.3f}, "
                f"KL {average(kl_history[-recent:]):.3f} nats a sequence, {time.time() - started:.0f} s"
            )

    ten = 10 * settings.groups
    record = {
        "reward_per_sequence_first10": average(reward_history[:ten]),
        "reward_per_sequence_last10": average(reward_history[-ten:]),
        "kl_per_sequence_last10": average(kl_history[-ten:]),
    }
    return round_to_half(policy.eval()), record


def average(values):
    return sum(values) / len(values)
