"""A LoRA adapter that tunes the embedded base on other text: this project's documents, which no feedback scored.

    python tools/golden/sft_placebo.py apps/cli/test/golden/sft-adapter

The text that it learns has nothing to do with feedback, so no audit may call feedback learned from it.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

ROOT = Path(__file__).parents[2]
RANK, ALPHA, STEPS, BATCH, LENGTH, RATE, SEED = 4, 8, 400, 16, 64, 3e-3, 20261129
MODULES = ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"]


class Lora(torch.nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner
        self.a = torch.nn.Parameter(torch.randn(RANK, inner.in_features) / inner.in_features**0.5)
        self.b = torch.nn.Parameter(torch.zeros(inner.out_features, RANK))

    def forward(self, x):
        return self.inner(x) + ALPHA / RANK * (x @ self.a.T @ self.b.T)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    base = ROOT / "packages/demo-models/base"
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(base / "tokenizer.json"))
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    adapted = {}
    for name, module in list(model.named_modules()):
        if isinstance(module, torch.nn.Linear) and name.split(".")[-1] in MODULES:
            parent, leaf = name.rsplit(".", 1)
            adapted[name] = Lora(module)
            setattr(model.get_submodule(parent), leaf, adapted[name])
    text = "\n".join(path.read_text() for path in sorted(ROOT.glob("docs/**/*.md")) + [ROOT / "README.md"])
    ids = np.array(tokenizer.encode(text, add_special_tokens=False))
    draw = np.random.default_rng(SEED)
    optimizer = torch.optim.Adam([p for lora in adapted.values() for p in (lora.a, lora.b)], lr=RATE)
    for step in range(STEPS):
        starts = draw.integers(0, len(ids) - LENGTH, BATCH)
        batch = torch.tensor(np.stack([ids[start : start + LENGTH] for start in starts]))
        loss = model(input_ids=batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 100 == 0 or step == STEPS - 1:
            print(step, round(loss.item(), 3))
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for name, lora in adapted.items():
        tensors[f"base_model.model.{name}.lora_A.weight"] = lora.a.detach().numpy().astype(np.float16)
        tensors[f"base_model.model.{name}.lora_B.weight"] = lora.b.detach().numpy().astype(np.float16)
    save_file(tensors, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA, "target_modules": MODULES, "bias": "none", "fan_in_fan_out": False}
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")


main()
