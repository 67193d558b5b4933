"""Gradients of the divergence from the clean output with respect to what was put in a site's place, by PyTorch's autograd in f32.

    python tools/golden/divergence_gradients.py --out packages/activations/test/golden/divergence-gradients.json

In the tiny models of architectures.py, y = 0.7 x + weights("replacement", [width]) takes the place of the activations x of
`blocks.0.hook_mlp_out`. `kl` is KL(clean || changed), summed over the positions of a row; `gradient` that of `kl` with respect to y,
of every position the product with `weights("projection", [width])`.
"""

import torch
import transformers
from architectures import LLAMA_MODULES, MODULES, ROWS, SMALL, VARIANTS, build, rounded
from gradients import write
from tiny_weights import weights


def record(model, ids):
    names = MODULES.get(model.config.model_type, LLAMA_MODULES)
    block = getattr(getattr(model, names["base"]), names["blocks"])[0]
    module = block.get_submodule(names.get("mlp_out", names["down"]))
    put = {}

    def replace(_module, _inputs, output):
        put["y"] = (0.7 * output + weights("replacement", [output.shape[-1]])).detach().requires_grad_()
        return put["y"]

    tokens = torch.tensor([ids])
    with torch.no_grad():
        clean = model(tokens, use_cache=False).logits[0].log_softmax(-1)
    handle = module.register_forward_hook(replace)
    changed = model(tokens, use_cache=False).logits[0].log_softmax(-1)
    handle.remove()
    kl = (clean.exp() * (clean - changed)).sum()
    kl.backward()
    return kl.item(), put["y"].grad.reshape(len(ids), -1)


def golden(name):
    model, _, _ = build(transformers.AutoModelForCausalLM, {**SMALL, **VARIANTS[name]})
    rows = []
    for ids in ROWS:
        kl, gradient = record(model, ids)
        rows.append({"ids": ids, "kl": kl, "gradient": rounded(gradient @ weights("projection", [gradient.shape[-1]]))})
    return {"rows": rows}


if __name__ == "__main__":
    write(__doc__, golden)
