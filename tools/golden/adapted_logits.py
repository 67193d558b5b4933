"""Golden outputs of models with LoRA adapters that are not merged: what peft computes where merging would say something else.

    python tools/golden/adapted_logits.py --out packages/activations/test/golden/adapted-logits

Weights of the bases are computed from their names, as in adapters.py. `outputs` are the logits after each row's last token, or the
scores of a reward model, whose base has no head for them.
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
from adapters import GPT2, LLAMA, fill

TIED = {**LLAMA, "num_hidden_layers": 1, "tie_word_embeddings": True}
UNTIED = {**TIED, "tie_word_embeddings": False}
REWARD = {**UNTIED, "pad_token_id": 2}
ATTENTION = {"r": 2, "lora_alpha": 3, "target_modules": ["q_proj"]}
LANGUAGE = "CAUSAL_LM"
SCORES = "SEQ_CLS"
CASES = {
    "saved-head": (TIED, LANGUAGE, {**ATTENTION, "modules_to_save": ["lm_head"]}),
    "saved-embeddings": (TIED, LANGUAGE, {**ATTENTION, "modules_to_save": ["embed_tokens"]}),
    "saved-both": (TIED, LANGUAGE, {**ATTENTION, "modules_to_save": ["embed_tokens", "lm_head"]}),
    "saved-tied": (TIED, LANGUAGE, {**ATTENTION, "modules_to_save": ["embed_tokens"], "ensure_weight_tying": True}),
    "lora-head": (TIED, LANGUAGE, {**ATTENTION, "target_modules": ["q_proj", "lm_head"]}),
    "lora-embeddings": (TIED, LANGUAGE, {**ATTENTION, "target_modules": ["q_proj", "embed_tokens"]}),
    "lora-tied": (TIED, LANGUAGE, {**ATTENTION, "target_modules": ["embed_tokens"], "ensure_weight_tying": True}),
    "gpt2-square": ({**GPT2, "n_layer": 1}, LANGUAGE, {**ATTENTION, "target_modules": ["c_proj"], "fan_in_fan_out": False}),
    "grown": (UNTIED, LANGUAGE, ATTENTION),
    "reward": (REWARD, SCORES, ATTENTION),
    "reward-gpt2": ({**GPT2, "n_layer": 1, "pad_token_id": 2}, SCORES, {**ATTENTION, "target_modules": ["c_attn"]}),
}
ROWS = [[1, 5, 9, 30, 2], [7, 3, 2, 8, 2, 2], [4, 11, 6], [2, 2]]


def outputs(model, scores):
    with torch.no_grad():
        rows = [model(torch.tensor([ids])).logits[0].double() for ids in ROWS]
    return [[round(x, 6) for x in (row if scores else row[-1]).tolist()] for row in rows]


def golden(name, settings, task, lora, folder):
    config = transformers.AutoConfig.for_model(**settings)
    auto = transformers.AutoModelForSequenceClassification if task == SCORES else transformers.AutoModelForCausalLM
    if task == SCORES:
        config.num_labels = 1
    model = auto.from_config(config)
    fill(model.named_parameters())
    tied = getattr(model.config, "tie_word_embeddings", True)
    alone = {"score.weight"} | ({"lm_head.weight"} if tied else set())
    shapes = {k: list(v.shape) for k, v in model.state_dict().items() if k not in alone}
    if name == "grown":
        model.resize_token_embeddings(settings["vocab_size"] + 1)
        fill(model.named_parameters())
    adapted = peft.get_peft_model(model, peft.LoraConfig(task_type=task, **lora))
    fill((n, p) for n, p in adapted.named_parameters() if p.requires_grad)
    adapted.eval()
    expected = outputs(adapted, task == SCORES)
    with tempfile.TemporaryDirectory() as scratch:
        adapted.save_pretrained(scratch, save_embedding_layers=True if name == "grown" else "auto")
        folder.mkdir(parents=True, exist_ok=True)
        for file in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copyfile(Path(scratch) / file, folder / file)
    path = folder / "adapter_config.json"
    written = json.loads(path.read_text())
    # As peft writes it where the layer, not the configuration, finds out how GPT-2 stores its weights.
    if "fan_in_fan_out" in lora:
        written["fan_in_fan_out"] = lora["fan_in_fan_out"]
    path.write_text(json.dumps(written, indent=1) + "\n")
    return {"config": settings, "weights": shapes, "outputs": expected}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    out = Path(options.out)
    head = {
        "command": f"python tools/golden/adapted_logits.py --out {options.out}",
        "made_with": {"peft": peft.__version__, "torch": torch.__version__.split("+")[0], "transformers": transformers.__version__},
        "rows": ROWS,
    }
    cases = {name: golden(name, *case, out / name) for name, case in CASES.items()}
    lines = ["{"] + [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items()] + [' "cases": {']
    lines.append(",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in cases.items()))
    lines += [" }", "}"]
    (out / "cases.json").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
