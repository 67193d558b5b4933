"""Trains the base model to predict the next token of the reviews."""

import math
import time

import torch

from model_files import CONTEXT


def rows(encoded, generator):
    """Rows of CONTEXT ids that start where a review starts, half of them with the separator (id 0) in front.

    encoded: list of id lists. Returns int64 [rows, CONTEXT].
    """
    order = torch.randperm(len(encoded), generator=generator).tolist()
    result, row = [], []
    for index in order:
        if not row and torch.rand((), generator=generator) < 0.5:
            row = [0]
        row = row + encoded[index] + [0]
        if len(row) >= CONTEXT:
            result.append(row[:CONTEXT])
            row = []
    return torch.tensor(result)


def pretrain(model, encoded, *, seed, epochs, batch, rate, log):
    generator = torch.Generator().manual_seed(seed)
    groups = [
        {"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": 0.05},
        {"params": [p for p in model.parameters() if p.dim() <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
    epochs_rows = [rows(encoded, generator) for _ in range(epochs)]
    total = sum(len(r) // batch for r in epochs_rows)
    warmup, step, started = 100, 0, time.time()
    model.train()
    for data in epochs_rows:
        for i in range(len(data) // batch):
            x = data[i * batch : (i + 1) * batch]
            for group in optimizer.param_groups:
                cosine = 0.5 * (1 + math.cos(math.pi * step / total))
                group["lr"] = rate * min(1.0, (step + 1) / warmup) * (0.05 + 0.95 * cosine)
            logits = model(x).logits[:, :-1]
            loss = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), x[:, 1:].reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            if step % 50 == 0 or step == total:
                log(f"base: step {step}/{total}, {loss.item():.3f} nats a token, {time.time() - started:.0f} s")
    model.eval()


@torch.no_grad()
def validate(model, encoded, *, seed):
    """Mean nats per token of held-out reviews."""
    data = rows(encoded, torch.Generator().manual_seed(seed))
    total = count = 0
    for x in data.split(64):
        logits = model(x).logits[:, :-1]
        total += torch.nn.functional.cross_entropy(
            logits.reshape(-1, logits.shape[-1]), x[:, 1:].reshape(-1), reduction="sum"
        ).item()
        count += x[:, 1:].numel()
    return total / count
