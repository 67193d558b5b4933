"""Golden adapters: tiny models with random LoRA updates, and their weights after peft's merge_and_unload.

    python tools/golden/adapters.py --out packages/activations/test/golden/adapters

Weights are multiples of 1/64 computed from their names and indices, here and in the test, so that only the adapters and those
weights that merging changed are stored.
"""

import argparse
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import save_file
from tiny_weights import weights

LLAMA = {
    "model_type": "llama",
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "intermediate_size": 12,
    "vocab_size": 32,
    "max_position_embeddings": 16,
    "tie_word_embeddings": False,
}
GPT2 = {"model_type": "gpt2", "n_embd": 8, "n_layer": 2, "n_head": 2, "vocab_size": 32, "n_positions": 16}
CASES = {
    "llama": (LLAMA, {"r": 4, "lora_alpha": 6, "target_modules": ["q_proj", "v_proj", "down_proj"]}),
    "llama-rank-stabilised": (LLAMA, {"r": 3, "lora_alpha": 2, "use_rslora": True, "target_modules": ["o_proj"]}),
    "llama-patterns": (
        LLAMA,
        {
            "r": 2,
            "lora_alpha": 4,
            "target_modules": "all-linear",
            "rank_pattern": {"layers.1.self_attn.k_proj": 1, r".*\.0\.mlp\.up_proj": 5},
            "alpha_pattern": {"gate_proj": 1},
        },
    ),
    "llama-whole-modules": (
        LLAMA,
        {"r": 2, "lora_alpha": 2, "target_modules": ["q_proj"], "modules_to_save": ["lm_head", "norm"]},
    ),
    "llama-embeddings": (LLAMA, {"r": 2, "lora_alpha": 3, "target_modules": ["embed_tokens", "v_proj"]}),
    "gpt2": (GPT2, {"r": 2, "lora_alpha": 5, "target_modules": ["c_attn", "c_proj"]}),
    "gpt2-bias": (GPT2, {"r": 2, "lora_alpha": 5, "target_modules": ["c_fc"], "bias": "all"}),
}


def fill(parameters):
    with torch.no_grad():
        for name, parameter in parameters:
            parameter.copy_(weights(name, parameter.shape))


def stored(model):
    """As save_pretrained names them: tied weights once."""
    state = model.state_dict()
    tied = getattr(model.config, "tie_word_embeddings", True)
    return {k: v.clone() for k, v in state.items() if not (tied and k == "lm_head.weight")}


def golden(settings, lora, folder):
    config = transformers.AutoConfig.for_model(**settings)
    model = transformers.AutoModelForCausalLM.from_config(config)
    fill(model.named_parameters())
    before = stored(model)
    adapted = peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", **lora))
    fill((n, p) for n, p in adapted.named_parameters() if p.requires_grad)
    with tempfile.TemporaryDirectory() as scratch:
        adapted.save_pretrained(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copyfile(Path(scratch) / name, folder / name)
    after = stored(adapted.merge_and_unload())
    assert before.keys() == after.keys()
    changed = {k: v.contiguous() for k, v in after.items() if not torch.equal(v, before[k])}
    save_file(changed, folder / "merged.safetensors")
    return {"config": settings, "weights": {k: list(v.shape) for k, v in before.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    out = Path(options.out)
    head = {
        "command": f"python tools/golden/adapters.py --out {options.out}",
        "made_with": {"peft": peft.__version__, "torch": torch.__version__.split("+")[0], "transformers": transformers.__version__},
    }
    cases = {name: golden(settings, lora, out / name) for name, (settings, lora) in CASES.items()}
    lines = ["{"] + [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items()] + [' "cases": {']
    lines.append(",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in cases.items()))
    lines += [" }", "}"]
    (out / "cases.json").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
