"""Gradients of log-probabilities with respect to activations, by PyTorch's autograd in f32, of the tiny models of architectures.py.

    python tools/golden/gradients.py --out packages/activations/test/golden/gradients.json

At each site a zero is added to what passes it, to that alone: its gradient is the site's. Of every position the product with
`weights("projection", [width])` is written.
"""

import argparse
from pathlib import Path

import torch
import transformers
from architectures import LLAMA_MODULES, MODULES, ROWS, SMALL, VARIANTS, build, dump, rounded
from tiny_weights import weights

# Heads by head, stacked, apart with caps and windows, and with biases as GPT-2 stores them.
CHOSEN = ("gpt_neox", "phi3", "gemma2", "gpt2")


def targets_of(ids):
    """The tokens that follow, none after the second, and one after the last."""
    targets = [*ids[1:], (7 * ids[0] + 3) % SMALL["vocab_size"]]
    return [-1 if t == 1 else target for t, target in enumerate(targets)]


def record(model, ids, targets):
    """Site -> gradient `[positions, width]`."""
    names = MODULES.get(model.config.model_type, LLAMA_MODULES)
    base = getattr(model, names["base"])
    added, handles = {}, []

    def zero_like(site, x):
        added[site] = torch.zeros_like(x, requires_grad=True)
        return x + added[site]

    def after(module, site, part=None):
        def hook(_module, _inputs, output):
            value = output[0] if isinstance(output, tuple) else output
            if part is None:
                value = zero_like(site, value)
            else:
                halves = list(value.chunk(2, dim=-1))
                halves[part] = zero_like(site, halves[part])
                value = torch.cat(halves, dim=-1)
            return (value, *output[1:]) if isinstance(output, tuple) else value

        handles.append(module.register_forward_hook(hook))

    def before(module, site):
        handles.append(module.register_forward_pre_hook(lambda _module, inputs: (zero_like(site, inputs[0]), *inputs[1:])))

    for i, block in enumerate(getattr(base, names["blocks"])):
        at, site = block.get_submodule, f"blocks.{i}"
        before(block, f"{site}.hook_resid_pre")
        before(at(names["z"]), f"{site}.attn.hook_z")
        after(at(names.get("attn_out", names["z"])), f"{site}.hook_attn_out")
        before(at(names["ln2"]), f"{site}.hook_mlp_in")
        if "gate_up" in names:
            after(at(names["gate_up"]), f"{site}.mlp.hook_pre", part=0)
            after(at(names["gate_up"]), f"{site}.mlp.hook_pre_linear", part=1)
        elif "gate" in names:
            after(at(names["gate"]), f"{site}.mlp.hook_pre")
            after(at(names["up"]), f"{site}.mlp.hook_pre_linear")
        else:
            after(at(names["in"]), f"{site}.mlp.hook_pre")
        before(at(names["down"]), f"{site}.mlp.hook_post")
        after(at(names.get("mlp_out", names["down"])), f"{site}.hook_mlp_out")
        after(block, f"{site}.hook_resid_post")
    logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    for handle in handles:
        handle.remove()
    log_probs = logits.log_softmax(-1)
    sum(log_probs[t, target] for t, target in enumerate(targets) if target >= 0).backward()
    return {site: x.grad.reshape(len(ids), -1) for site, x in sorted(added.items())}


def golden(name):
    model, _, _ = build(transformers.AutoModelForCausalLM, {**SMALL, **VARIANTS[name]})
    rows = []
    for ids in ROWS:
        gradients = record(model, ids, targets_of(ids))
        sites = {site: rounded(g @ weights("projection", [g.shape[-1]])) for site, g in gradients.items()}
        rows.append({"ids": ids, "targets": targets_of(ids), "sites": sites})
    return {"rows": rows}


def write(description, golden_of):
    """Writes what a function of a model's name gives, of the chosen models, to the file that the command line names."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--out", required=True, help="file to write")
    options = parser.parse_args()
    torch.set_num_threads(1)
    made = {"madeWith": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}}
    models = {name: golden_of(name) for name in CHOSEN}
    Path(options.out).write_text(dump({**made, "models": models}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(__doc__, golden)
