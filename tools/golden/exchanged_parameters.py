"""Golden logits of models of mixed parameters, by Hugging Face transformers in f32.

    python tools/golden/exchanged_parameters.py > packages/activations/test/golden/exchanged-parameters.json

Each model's modules are named here, by hand; the numbers of base (seed 0) and tuned (seed 1) follow from their names. In GPT-2, whose head is tied to its
embeddings, the head alone is exchanged: it gets a tensor of its own.
"""

import json
import tempfile
from pathlib import Path

import torch
import transformers
from architectures import GPT2, NEOX, ROWS, SMALL
from tiny_weights import weights

CASES = {
    "gpt_neox": (NEOX, {
        "attention": [".attention."], "mlp": [".mlp."], "norm": ["input_layernorm", "post_attention_layernorm"], "unembedding": ["lm_head"],
    }),
    "gpt2": (GPT2, {"attention": [".attn."], "mlp": [".mlp."], "norm": ["ln_1", "ln_2"], "unembedding": ["lm_head"]}),
}  # fmt: skip


def logits(settings, parts):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.json").write_text(json.dumps({**SMALL, **settings}))
        config = transformers.AutoConfig.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    tied = config.tie_word_embeddings
    if tied:
        model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            seed = int(any(part in name for part in parts))
            # The checkpoint's name for the numbers of the head.
            head = "transformer.wte.weight" if tied else "embed_out.weight"
            source = head if name == "lm_head.weight" else name
            parameter.copy_(weights(source, list(parameter.shape), seed))
        return [[float(f"{x:.6g}") for x in model(torch.tensor([ids])).logits[0, -1].tolist()] for ids in ROWS]


if __name__ == "__main__":
    torch.set_num_threads(1)
    made = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}
    cases = {name: {part: logits(settings, names) for part, names in parts.items()} for name, (settings, parts) in CASES.items()}
    print(json.dumps({"madeWith": made, "rows": ROWS, "lastLogits": cases}))
