"""Golden losses, gradients and optimiser steps of fine-tuning, by PyTorch and TRL in f32 on tiny random models.

    python tools/golden/finetune.py --out packages/finetune/test/golden

Needs torch, transformers and trl. `architectures.json`: supervised fine-tuning of every architecture (mean cross-entropy of the
replies' tokens), by transformers' own loss. `methods.json`: DPO, IPO and KTO of one architecture, by TRL's own trainers: their loss and metrics,
not formulas copied from them. Of each gradient, and of what two steps of AdamW with clipping changed, there are the norm and the product with
`weights("projection", shape)`.
"""

import argparse
import json
import tempfile
from pathlib import Path

import tokenizers
import torch
import transformers
import trl
from architectures import SMALL, VARIANTS, build
from datasets import Dataset
from tiny_weights import weights
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
# Prompt and reply; lengths are mixed, and one row is longer than every sliding window.
SEQUENCES = [([5, 9, 2, 71], [31, 0, 95, 40, 9, 63, 18]), ([33, 8, 1], [1, 30]), ([77], [14, 14])]
# TRL reads words, and ends every reply with the end token, here 0.
PAIRS = [([5, 9, 2, 71], [31, 95, 40, 9, 0], [63, 0]), ([33, 8], [1, 30, 0], [55, 55, 2, 4, 0]), ([77, 1, 2], [9, 0], [12, 80, 0])]
LABELLED = [([5, 9, 2, 71], [31, 95, 40, 0], True), ([33, 8], [1, 30, 0], False), ([77, 1, 2], [9, 5, 0], True), ([7, 3], [4, 0], False)]
ADAM = {"lr": 0.01, "betas": (0.9, 0.99), "eps": 1e-4, "weight_decay": 0.1}
CLIP = 0.5


def short(value):
    return float(f"{value:.7g}")


def summary(tensor, shape):
    """Its norm, and its product with a fixed direction."""
    return [short(tensor.norm().item()), short((tensor * weights("projection", shape)).sum().item())]


def parameters(model):
    """By their names in checkpoints, one of which transformers 5 calls otherwise in memory."""
    head = "embed_out.weight" if model.config.model_type == "gpt_neox" else "lm_head.weight"
    return {head if name == "lm_head.weight" else name: p for name, p in model.named_parameters()}


def summaries(named):
    return {name: summary(tensor, list(tensor.shape)) for name, tensor in named}


def gradients(model):
    return summaries((name, p.grad) for name, p in parameters(model).items())


def two_steps(model, loss_of):
    """AdamW as transformers sets it up: no decay of norms and biases; gradients clipped to a joint norm."""
    named = parameters(model)
    before = {name: p.detach().clone() for name, p in named.items()}
    decayed = [p for p in named.values() if p.dim() > 1]
    plain = [p for p in named.values() if p.dim() <= 1]
    groups = [{"params": decayed}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, **ADAM)
    norms = []
    for _ in range(2):
        optimizer.zero_grad()
        loss_of().backward()
        norms.append(short(torch.nn.utils.clip_grad_norm_(named.values(), CLIP).item()))
        optimizer.step()
    return {"norms": norms, "changes": summaries((name, p.detach() - before[name]) for name, p in named.items())}


def padded(rows):
    """Ids, mask and labels, padded with token 0."""
    length = max(len(prompt) + len(reply) for prompt, reply in rows)
    ids, mask, labels = (torch.zeros(len(rows), length, dtype=torch.long) for _ in range(3))
    labels -= 100
    for i, (prompt, reply) in enumerate(rows):
        end = len(prompt) + len(reply)
        ids[i, :end] = torch.tensor(prompt + reply)
        mask[i, :end] = 1
        labels[i, len(prompt) : end] = torch.tensor(reply)
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def architecture(settings, steps):
    model, shapes, _ = build(AutoModelForCausalLM, {**SMALL, **settings})
    loss_of = lambda: model(**padded(SEQUENCES), use_cache=False).loss  # noqa: E731
    loss = loss_of()
    loss.backward()
    found = {"loss": short(loss.item()), "gradients": gradients(model)}
    return {"config": {**SMALL, **settings}, "tensors": shapes, **found, **({"steps": two_steps(model, loss_of)} if steps else {})}


def tokenizer():
    """Reads `t5 t9` as 5, 9."""
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({f"t{i}": i for i in range(96)}, unk_token="t0"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=words, pad_token="t0", eos_token="t0")


def text(ids, after=""):
    return after + " ".join(f"t{i}" for i in ids)


def reference_of(settings):
    """The same architecture with weights of another seed."""
    model, shapes, _ = build(AutoModelForCausalLM, {**SMALL, **settings})
    with torch.no_grad():
        for name, p in parameters(model).items():
            p.copy_(weights(name, list(p.shape)) + 0.25 * weights(name, list(p.shape), seed=1) * (p.dim() > 1))
    return model


def run_trl(trainer_class, config, policy, reference, rows):
    with tempfile.TemporaryDirectory() as folder:
        common = {"output_dir": folder, "report_to": [], "use_cpu": True, "bf16": False, "per_device_train_batch_size": len(rows)}
        trainer = trainer_class(
            model=policy, ref_model=reference, args=config(**common), train_dataset=Dataset.from_list(rows), processing_class=tokenizer()
        )
        kept = list(trainer.train_dataset)
        inputs = trainer.data_collator(kept)
        policy.train()
        policy.zero_grad()
        loss = trainer._compute_loss(policy, inputs, False)
        loss.backward()
        metrics = {name: short(values[-1]) for name, values in trainer._metrics["train"].items()}
    return {"loss": short(loss.item()), "metrics": metrics, "gradients": gradients(policy)}, kept


def methods(settings):
    found = {}
    pairs = [{"prompt": text(p), "chosen": text(c, " "), "rejected": text(r, " ")} for p, c, r in PAIRS]
    for name, options in {"dpo": {"beta": 0.3}, "ipo": {"beta": 0.3, "loss_type": ["ipo"]}}.items():
        policy, _, _ = build(AutoModelForCausalLM, {**SMALL, **settings})
        config = lambda **common: trl.DPOConfig(**options, **common)  # noqa: E731,B023
        found[name], _ = run_trl(trl.DPOTrainer, config, policy, reference_of(settings), pairs)
    policy, shapes, _ = build(AutoModelForCausalLM, {**SMALL, **settings})
    labelled = [{"prompt": text(p), "completion": text(c, " "), "label": label} for p, c, label in LABELLED]
    config = lambda **common: trl.KTOConfig(beta=0.3, desirable_weight=1.5, **common)  # noqa: E731
    found["kto"], kept = run_trl(trl.KTOTrainer, config, policy, reference_of(settings), labelled)
    found["kto"]["mismatched"] = [row["KL_completion_ids"] for row in kept]
    return {"config": {**SMALL, **settings}, "tensors": shapes, **found}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    made = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "trl": trl.__version__}
    known = {name: architecture(settings, name == "gpt_neox") for name, settings in VARIANTS.items() if "-" not in name or "scaled" in name or "sequential" in name}
    out.mkdir(parents=True, exist_ok=True)
    first = {"madeWith": made, "sequences": SEQUENCES, "adam": {**ADAM, "clip": CLIP}, "models": known}
    Path(out, "architectures.json").write_text(json.dumps(first, separators=(",", ":")).replace('"config"', '\n"config"') + "\n")
    second = {"madeWith": made, "pairs": PAIRS, "labelled": LABELLED, **methods(VARIANTS["gpt_neox"])}
    Path(out, "methods.json").write_text(json.dumps(second, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
