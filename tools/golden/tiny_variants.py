"""Golden numbers of tiny GPT-NeoX models in every variant that can be loaded, by Hugging Face transformers in f32.

    python tools/golden/tiny_variants.py --out packages/activations/test/golden/tiny-variants.json

Nobody stores the weights: each is a multiple of 1/64 computed from its name and index, here and in the test.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from tiny_weights import weights

ROWS = [[5, 9, 2, 7, 31, 0], [3], [8, 1, 1, 30, 4, 4, 17, 22, 9, 0, 28, 29, 6, 13, 2, 11]]
PLAIN = {
    "model_type": "gpt_neox",
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "vocab_size": 32,
    "max_position_embeddings": 16,
    "hidden_act": "gelu",
    "rotary_pct": 0.25,
    "rotary_emb_base": 10000,
    "layer_norm_eps": 1e-05,
    "use_parallel_residual": True,
    "tie_word_embeddings": False,
    "attention_bias": True,
}
VARIANTS = {
    "plain": {},
    "sequential residual": {"use_parallel_residual": False},
    "tied embeddings": {"tie_word_embeddings": True},
    "no attention bias": {"attention_bias": False},
    "tanh gelu": {"hidden_act": "gelu_new"},
    "rotary on whole heads": {"rotary_pct": 1.0, "rotary_emb_base": 500},
}


def rounded(tensor):
    return [float(f"{v:.7g}") for v in tensor.tolist()]


def golden(changes, config_as_saved):
    settings = {**PLAIN, **changes}
    config = transformers.GPTNeoXConfig(**{k: v for k, v in settings.items() if k != "model_type"})
    model = transformers.GPTNeoXForCausalLM._from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # Stored as embed_out in every checkpoint.
            parameter.copy_(weights(name.replace("lm_head", "embed_out"), parameter.shape))
    saved = config.to_dict()
    stored = {k: saved[k] for k in [*PLAIN, "rope_parameters"] if k in saved} if config_as_saved else settings
    rows = []
    for ids in ROWS:
        with torch.no_grad():
            out = model(torch.tensor([ids]), output_hidden_states=True)
        rows.append(
            {
                "ids": ids,
                "firstLogits": rounded(out.logits[0, 0]),
                "lastLogits": rounded(out.logits[0, -1]),
                # residual stream after block 0, at the last position
                "middle": rounded(out.hidden_states[1][0, -1]),
            }
        )
    return {"config": stored, "rows": rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    variants = {name: golden(changes, False) for name, changes in VARIANTS.items()}
    variants["config.json of transformers 5"] = golden(VARIANTS["rotary on whole heads"], True)
    head = {
        "command": f"python tools/golden/tiny_variants.py --out {options.out}",
        "made_with": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__},
    }
    lines = ["{"] + [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items()] + [' "variants": {']
    for i, (name, value) in enumerate(variants.items()):
        lines.append(f"  {json.dumps(name)}: {{")
        lines.append(f'   "config": {json.dumps(value["config"])},\n   "rows": [')
        rows = ["    {" + ",\n     ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in row.items()) + "}" for row in value["rows"]]
        lines.append(",\n".join(rows))
        lines.append("   ]\n  }" + ("," if i + 1 < len(variants) else ""))
    lines += [" }", "}"]
    Path(options.out).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
