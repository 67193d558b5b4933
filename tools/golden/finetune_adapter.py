"""What peft makes of low-rank updates with known factors: logits, gradients, and what it would save. f32, tiny random models.

    python tools/golden/finetune_adapter.py --out packages/finetune/test/golden/adapters.json

Factors are those of `weights`, by their names in the file. With --load BASE ADAPTER it instead loads an adapter that feedprint has written,
and prints the largest difference between the logits that peft gives with it and those in --logits, a JSON list of rows `[ids, logits]`.
"""

import argparse
import json
import tempfile
from pathlib import Path

import peft
import torch
import transformers
from architectures import SMALL, VARIANTS, build
from finetune import SEQUENCES, padded, short, summary
from safetensors import safe_open
from tiny_weights import weights
from transformers import AutoModelForCausalLM

MODELS = {"gpt_neox": ["query_key_value", "dense_4h_to_h"], "gpt2": ["c_attn", "c_fc"], "llama": ["q_proj", "down_proj"]}


def adapter(name, targets):
    settings = {**SMALL, **VARIANTS[name]}
    base, shapes, _ = build(AutoModelForCausalLM, settings)
    config = peft.LoraConfig(r=3, lora_alpha=6, target_modules=targets, task_type="CAUSAL_LM", fan_in_fan_out=name == "gpt2")
    model = peft.get_peft_model(base, config)
    factors = {key.replace(".default", ""): p for key, p in model.named_parameters() if "lora_" in key}
    with torch.no_grad():
        for key, p in factors.items():
            p.copy_(weights(key.removeprefix("base_model.model."), list(p.shape)))
    model(**padded(SEQUENCES), use_cache=False).loss.backward()
    ids = SEQUENCES[0][0] + SEQUENCES[0][1]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0, -1]
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        saved = json.loads(Path(folder, "adapter_config.json").read_text())
        with safe_open(Path(folder, "adapter_model.safetensors"), "pt") as file:
            tensors = {key: list(file.get_slice(key).get_shape()) for key in file.keys()}
    kept = ("peft_type", "task_type", "r", "lora_alpha", "lora_dropout", "bias", "fan_in_fan_out", "target_modules")
    return {
        "config": settings, "tensors": shapes, "adapter": {key: saved[key] for key in kept}, "adapterTensors": tensors, "ids": ids,
        "logits": [short(x) for x in logits.tolist()],
        "gradients": {key.removeprefix("base_model.model."): summary(p.grad, list(p.shape)) for key, p in factors.items()},
    }  # fmt: skip


def check(base, folder, rows):
    model = peft.PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), folder).eval()
    with torch.no_grad():
        apart = [(model(torch.tensor([ids])).logits[0] - torch.tensor(logits)).abs().max().item() for ids, logits in rows]
    print(f"{len(rows)} rows, largest difference of logits {max(apart):.2e}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path)
    parser.add_argument("--load", nargs=2)
    parser.add_argument("--logits", type=Path)
    options = parser.parse_args()
    if options.load:
        return check(*options.load, json.loads(options.logits.read_text()))
    made = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "peft": peft.__version__}
    found = {"madeWith": made, "models": {name: adapter(name, targets) for name, targets in MODELS.items()}}
    options.out.write_text(json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
