"""Golden numbers of tiny random models of every known architecture, by Hugging Face transformers in f32.

    python tools/golden/architectures.py --out packages/activations/test/golden/architectures

Writes one JSON file a variant: config.json, names and shapes of the tensors, and what the model computes. Nobody stores
the weights: each is a multiple of 1/64 computed from its name and index, here and in the test. Sites have the names and the
meaning of TransformerLens; where TransformerLens can build the model, the script stops if its cache differs from what is written.
With --model FOLDER it writes the numbers of a real checkpoint instead:

    python tools/golden/architectures.py --model ../shared/models/stories260k --out packages/activations/test/golden/architectures
"""

import argparse
import json
import math
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors import safe_open
from safetensors.torch import save_file
from tiny_weights import weights

# The first is longer than every sliding window, and than the context that longrope was trained on.
ROWS = [[5, 9, 2, 71, 31, 0, 95, 40, 9, 63, 18], [33, 8, 1, 1, 30], [77]]
LABELS = ["poor", "fair", "good"]

SMALL = {"vocab_size": 96, "bos_token_id": None, "eos_token_id": None, "pad_token_id": None}
NEOX = {
    "model_type": "gpt_neox", "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24,
    "max_position_embeddings": 32, "hidden_act": "gelu", "rotary_pct": 0.5, "rotary_emb_base": 100, "layer_norm_eps": 1e-3,
    "use_parallel_residual": True, "tie_word_embeddings": False,
}  # fmt: skip
GPT2 = {"model_type": "gpt2", "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 32, "layer_norm_epsilon": 1e-3}
LLAMA = {
    "model_type": "llama", "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 20, "max_position_embeddings": 32, "hidden_act": "silu", "rms_norm_eps": 1e-3, "rope_theta": 100.0,
    "tie_word_embeddings": False,
}  # fmt: skip
GEMMA = {
    "model_type": "gemma", "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
    "head_dim": 12, "intermediate_size": 20, "max_position_embeddings": 32, "rms_norm_eps": 1e-3, "rope_theta": 100.0,
}  # fmt: skip
LLAMA3_ROPE = {
    "rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 24,
}  # fmt: skip
VARIANTS = {
    "gpt_neox": NEOX,
    "gpt_neox-sequential": {
        **NEOX, "use_parallel_residual": False, "tie_word_embeddings": True, "hidden_act": "gelu_new", "attention_bias": False,
        "rope_scaling": {"type": "linear", "factor": 2.0},
    },
    "gpt_neo": {
        "model_type": "gpt_neo", "hidden_size": 16, "num_layers": 3, "num_heads": 2, "max_position_embeddings": 32, "window_size": 4,
        "attention_types": [[["global", "local"], 1], [["local"], 1]], "layer_norm_epsilon": 1e-3,
    },
    "gpt2": GPT2,
    "gpt2-scaled-by-layer": {
        **GPT2, "n_inner": 20, "activation_function": "relu", "scale_attn_by_inverse_layer_idx": True, "tie_word_embeddings": False,
    },
    "gpt2-unscaled": {**GPT2, "scale_attn_weights": False, "activation_function": "gelu"},
    "gptj": {
        "model_type": "gptj", "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 32, "rotary_dim": 4, "n_inner": 20,
        "layer_norm_epsilon": 1e-3,
    },
    "llama": LLAMA,
    "llama-biased": {
        **LLAMA, "attention_bias": True, "mlp_bias": True, "head_dim": 6, "tie_word_embeddings": True, "rope_scaling": LLAMA3_ROPE,
        "num_key_value_heads": 1,
    },
    "llama-linear": {**LLAMA, "rope_scaling": {"type": "linear", "factor": 2.5}, "num_key_value_heads": None, "hidden_act": "gelu"},
    "mistral": {**LLAMA, "model_type": "mistral", "head_dim": 6, "sliding_window": 4},
    "qwen2": {
        **LLAMA, "model_type": "qwen2", "num_hidden_layers": 3, "use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1,
        "tie_word_embeddings": True,
    },
    "qwen3": {
        **LLAMA, "model_type": "qwen3", "head_dim": 6, "use_sliding_window": False, "sliding_window": 4, "max_window_layers": 1,
    },
    "qwen3-biased": {
        **LLAMA, "model_type": "qwen3", "head_dim": 6, "attention_bias": True, "use_sliding_window": True, "sliding_window": 4,
        "max_window_layers": 1,
    },
    "phi3": {
        **LLAMA, "model_type": "phi3", "hidden_size": 32, "partial_rotary_factor": 0.5, "sliding_window": 4,
        "original_max_position_embeddings": 32,
    },
    "phi3-longrope": {
        **LLAMA, "model_type": "phi3", "original_max_position_embeddings": 8,
        "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.25], "long_factor": [1.5, 4.0]},
    },
    "gemma": GEMMA,
    "gemma2": {
        **GEMMA, "model_type": "gemma2", "num_hidden_layers": 3, "query_pre_attn_scalar": 144, "attn_logit_softcapping": 3.0,
        "final_logit_softcapping": 4.0, "sliding_window": 4,
    },
    "gemma3": {
        **GEMMA, "model_type": "gemma3_text", "num_hidden_layers": 3, "query_pre_attn_scalar": 60, "sliding_window": 4,
        "sliding_window_pattern": 2, "rope_local_base_freq": 20.0, "rope_scaling": {"rope_type": "linear", "factor": 3.0},
    },
}  # fmt: skip

GPT2_MODULES = {
    "base": "transformer", "blocks": "h", "embed": "wte", "ln1": "ln_1", "z": "attn.c_proj", "ln2": "ln_2", "in": "mlp.c_fc",
    "down": "mlp.c_proj", "final": "ln_f",
}  # fmt: skip
LLAMA_MODULES = {
    "base": "model", "blocks": "layers", "embed": "embed_tokens", "ln1": "input_layernorm", "z": "self_attn.o_proj",
    "ln2": "post_attention_layernorm", "gate": "mlp.gate_proj", "up": "mlp.up_proj", "down": "mlp.down_proj", "final": "norm",
}  # fmt: skip
# Gemma 2 and 3 norm once more what is added to the residual stream.
GEMMA2_MODULES = {
    **LLAMA_MODULES, "attn_out": "post_attention_layernorm", "ln2": "pre_feedforward_layernorm", "mlp_out": "post_feedforward_layernorm",
}  # fmt: skip
MODULES = {
    "gpt_neox": {
        "base": "gpt_neox", "blocks": "layers", "embed": "embed_in", "ln1": "input_layernorm", "z": "attention.dense",
        "ln2": "post_attention_layernorm", "in": "mlp.dense_h_to_4h", "down": "mlp.dense_4h_to_h", "final": "final_layer_norm",
    },
    "gpt2": GPT2_MODULES,
    "gpt_neo": {**GPT2_MODULES, "z": "attn.attention.out_proj"},
    "gptj": {**GPT2_MODULES, "z": "attn.out_proj", "ln2": "ln_1", "in": "mlp.fc_in", "down": "mlp.fc_out"},
    "phi3": {**LLAMA_MODULES, "gate_up": "mlp.gate_up_proj"},
    "gemma2": GEMMA2_MODULES,
    "gemma3_text": GEMMA2_MODULES,
}  # fmt: skip
# Sites written unit by unit at one position; of every site there is one projection a position.
WHOLE = ("attn.hook_z", "mlp.hook_pre", "hook_mlp_out", "hook_resid_post")


def rounded(tensor):
    return [float(f"{v:.6g}") for v in tensor.flatten().tolist()]


def build(auto, settings):
    """A model with the weights of `weights`, read from a checkpoint as transformers writes it; its tensors and its config.json."""
    with tempfile.TemporaryDirectory() as folder:
        config_path, path = Path(folder, "config.json"), Path(folder, "model.safetensors")
        config_path.write_text(json.dumps(settings))
        config = transformers.AutoConfig.from_pretrained(folder)
        auto.from_config(config).save_pretrained(folder)
        saved = json.loads(config_path.read_text())
        with safe_open(path, "pt") as file:
            shapes = {name: list(file.get_slice(name).get_shape()) for name in file.keys()}
        save_file({name: weights(name, shape) for name, shape in shapes.items()}, path, {"format": "pt"})
        config_path.write_text(json.dumps(settings))
        model = auto.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    return model, shapes, saved


def normalized(x, norm):
    """What comes before the norm's weight and bias."""
    if isinstance(norm, torch.nn.LayerNorm):
        x = x - x.mean(-1, keepdim=True)
        return x / (x.pow(2).mean(-1, keepdim=True) + norm.eps).sqrt()
    epsilon = norm.variance_epsilon if hasattr(norm, "variance_epsilon") else norm.eps
    return x / (x.pow(2).mean(-1, keepdim=True) + epsilon).sqrt()


def record(model, ids):
    """Logits `[positions, vocabulary]` and activations of every site `[positions, width]`."""
    names = MODULES.get(model.config.model_type, LLAMA_MODULES)
    base = getattr(model, names["base"])
    blocks = getattr(base, names["blocks"])
    seen, handles = {}, []

    def keep(module, site, of_input=False, part=None):
        def hook(_module, inputs, output):
            value = inputs[0] if of_input else output[0] if isinstance(output, tuple) else output
            value = value[0] if value.dim() == 3 else value
            seen[site] = (value if part is None else value.chunk(2, dim=-1)[part]).detach().clone()

        handles.append(module.register_forward_hook(hook))

    keep(base.get_submodule(names["embed"]), "hook_embed")
    if hasattr(base, "wpe"):
        keep(base.wpe, "hook_pos_embed")
    for i, block in enumerate(blocks):
        at, site = block.get_submodule, f"blocks.{i}"
        keep(at(names["ln1"]), f"{site}.hook_resid_pre", of_input=True)
        keep(at(names["z"]), f"{site}.attn.hook_z", of_input=True)
        keep(at(names.get("attn_out", names["z"])), f"{site}.hook_attn_out")
        keep(at(names["ln2"]), f"{site}.hook_mlp_in", of_input=True)
        if "gate_up" in names:
            keep(at(names["gate_up"]), f"{site}.mlp.hook_pre", part=0)
            keep(at(names["gate_up"]), f"{site}.mlp.hook_pre_linear", part=1)
        elif "gate" in names:
            keep(at(names["gate"]), f"{site}.mlp.hook_pre")
            keep(at(names["up"]), f"{site}.mlp.hook_pre_linear")
        else:
            keep(at(names["in"]), f"{site}.mlp.hook_pre")
        keep(at(names["down"]), f"{site}.mlp.hook_post", of_input=True)
        keep(at(names.get("mlp_out", names["down"])), f"{site}.hook_mlp_out")
        keep(block, f"{site}.hook_resid_post")
    with torch.no_grad():
        logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    for handle in handles:
        handle.remove()

    if model.config.model_type.startswith("gemma"):
        seen["hook_embed"] = seen["blocks.0.hook_resid_pre"]
    parallel = model.config.model_type == "gptj" or getattr(model.config, "use_parallel_residual", False)
    for i, block in enumerate(blocks):
        at, site = block.get_submodule, f"blocks.{i}"
        if not parallel:
            seen[f"{site}.hook_resid_mid"] = seen[f"{site}.hook_resid_pre"] + seen[f"{site}.hook_attn_out"]
        seen[f"{site}.ln1.hook_normalized"] = normalized(seen[f"{site}.hook_resid_pre"], at(names["ln1"]))
        seen[f"{site}.ln2.hook_normalized"] = normalized(seen[f"{site}.hook_mlp_in"], at(names["ln2"]))
    last = seen[f"blocks.{len(blocks) - 1}.hook_resid_post"]
    seen["ln_final.hook_normalized"] = normalized(last, getattr(base, names["final"]))
    return logits, dict(sorted(seen.items()))


def transformer_lens(model):
    """The same model in TransformerLens, weights neither folded nor centred; None where it cannot build the variant."""
    from transformer_lens import HookedTransformer, HookedTransformerConfig
    from transformer_lens.pretrained import weight_conversions as convert

    c = model.config
    kind = c.model_type
    rope = getattr(c, "rope_parameters", None) or {}
    common = {
        "n_layers": c.num_hidden_layers, "d_model": c.hidden_size, "n_heads": c.num_attention_heads, "n_ctx": c.max_position_embeddings, "d_vocab": c.vocab_size,
        "d_head": getattr(c, "head_dim", None) or c.hidden_size // c.num_attention_heads, "use_hook_mlp_in": True, "seed": 1,
        "original_architecture": type(model).__name__, "init_weights": False, "device": "cpu", "default_prepend_bos": False,
    }  # fmt: skip
    if kind in ("gpt2", "gpt_neo"):
        neo = kind == "gpt_neo"
        common |= {
            "d_mlp": (c.intermediate_size if neo else c.n_inner) or 4 * c.hidden_size, "act_fn": c.activation_function,
            "eps": c.layer_norm_epsilon, "normalization_type": "LN", "use_attn_scale": not neo and c.scale_attn_weights,
            "scale_attn_by_inverse_layer_idx": not neo and c.scale_attn_by_inverse_layer_idx, "use_local_attn": neo,
            "attn_types": c.attention_layers if neo else None, "window_size": c.window_size if neo else None,
        }  # fmt: skip
        make = convert.convert_neo_weights if neo else convert.convert_gpt2_weights
    elif kind == "gptj":
        common |= {
            "d_mlp": c.n_inner, "act_fn": c.activation_function, "eps": c.layer_norm_epsilon, "normalization_type": "LN",
            "positional_embedding_type": "rotary", "rotary_dim": c.rotary_dim, "rotary_adjacent_pairs": True, "parallel_attn_mlp": True,
        }  # fmt: skip
        make = convert.convert_gptj_weights
    elif kind == "gpt_neox" and c.attention_bias and rope["rope_type"] == "default":
        common |= {
            "d_mlp": c.intermediate_size, "act_fn": c.hidden_act, "eps": c.layer_norm_eps, "normalization_type": "LN",
            "positional_embedding_type": "rotary", "rotary_dim": int(common["d_head"] * rope["partial_rotary_factor"]),
            "rotary_base": int(rope["rope_theta"]), "rotary_adjacent_pairs": False, "parallel_attn_mlp": c.use_parallel_residual,
        }  # fmt: skip
        make = convert.convert_neox_weights
    elif kind in ("llama", "gemma", "gemma2") and not getattr(c, "attention_bias", False) and rope["rope_type"] == "default":
        gemma = kind != "llama"
        common |= {
            "d_mlp": c.intermediate_size, "act_fn": "gelu_pytorch_tanh" if gemma else c.hidden_act, "eps": c.rms_norm_eps,
            "normalization_type": "RMS", "positional_embedding_type": "rotary", "rotary_dim": common["d_head"], "gated_mlp": True,
            "rotary_base": int(rope["rope_theta"]), "rotary_adjacent_pairs": False, "final_rms": True,
            "n_key_value_heads": c.num_key_value_heads,
        }  # fmt: skip
        if kind == "gemma2":
            common |= {
                "use_normalization_before_and_after": True, "attn_scale": math.sqrt(c.query_pre_attn_scalar), "use_attn_scale": True,
                "attn_scores_soft_cap": c.attn_logit_softcapping, "output_logits_soft_cap": c.final_logit_softcapping,
                "use_local_attn": True, "window_size": c.sliding_window,
                "attn_types": ["local" if kind == "sliding_attention" else "global" for kind in c.layer_types],
            }  # fmt: skip
        make = convert.convert_gemma_weights if gemma else convert.convert_llama_weights
    else:
        return None
    lens = HookedTransformer(HookedTransformerConfig(**common)).eval()
    missing = lens.load_state_dict(make(model, lens.cfg), strict=False).missing_keys
    unset = [k for k in missing if not k.endswith((".mask", ".IGNORE", "rotary_sin", "rotary_cos", "unembed.b_U"))]
    assert not unset, unset
    if "unembed.b_U" in missing:
        lens.unembed.b_U.data.zero_()
    return lens


def assert_same_sites(name, lens, ids, logits, sites):
    with torch.no_grad():
        expected, cache = lens.run_with_cache(torch.tensor([ids]))
    pairs = {"logits": (logits, expected[0])}
    for site, value in sites.items():
        pairs[site] = (value, cache[site][0].flatten(1))
    for what, (ours, theirs) in pairs.items():
        worst = ((ours - theirs).abs() / theirs.abs().clamp(min=1)).max().item()
        assert worst < 5e-5, f"{name}: {what} differs from TransformerLens by {worst}"


def describe(name, model, rows, whole=WHOLE):
    """What the model computes of each row, compared with TransformerLens; and whether it was."""
    lens = transformer_lens(model)
    results = []
    for r, ids in enumerate(rows):
        logits, sites = record(model, ids)
        if lens:
            assert_same_sites(name, lens, ids, logits, sites)
        results.append(
            {
                "ids": ids,
                "lastLogits": rounded(logits[-1]),
                # Of every position, the product with `weights("projection", [width])`.
                "logits": rounded(logits @ weights("projection", [logits.shape[-1]])),
                "sites": {site: rounded(x @ weights("projection", [x.shape[-1]])) for site, x in sites.items()},
                # Every unit, at the last position.
                "units": {site: rounded(x[-1]) for site, x in sites.items() if r == 0 and site.split(".", 2)[-1] in whole},
            }
        )
    return results, lens is not None


def classifier(settings, count, tensors):
    """Scores of the same architecture with a classification head."""
    labels = LABELS[:count]
    head = {"id2label": {str(i): label for i, label in enumerate(labels)}, "label2id": {label: i for i, label in enumerate(labels)}}
    model, shapes, saved = build(transformers.AutoModelForSequenceClassification, {**settings, **head})
    # Only what stands before the head is the same.
    body = {name: shape for name, shape in tensors.items() if not name.startswith(("lm_head.", "embed_out."))}
    assert shapes == {**body, "score.weight": [count, model.config.hidden_size]}, shapes
    with torch.no_grad():
        scores = [rounded(model(torch.tensor([ids])).logits[0]) for ids in ROWS]
    return {"config": {"architectures": saved["architectures"], **head}, "scores": scores}


def golden(name, changes, labels):
    settings = {**SMALL, **changes}
    model, tensors, saved = build(transformers.AutoModelForCausalLM, settings)
    settings["architectures"] = saved["architectures"]
    rows, lens = describe(name, model, ROWS)
    return {
        "transformerLens": lens,
        "config": settings,
        # The same as transformers 5 writes it.
        "savedConfig": saved,
        "tensors": tensors,
        **({"classifier": classifier(changes | SMALL, labels, tensors)} if labels else {}),
        "rows": rows,
    }


def real(folder):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    vocabulary = model.config.vocab_size
    rows = [[1] + [(37 * i * i + 11 * i) % (vocabulary - 3) + 3 for i in range(n)] for n in (16, 5)]
    results, lens = describe(Path(folder).name, model, rows, ("hook_resid_post",))
    return {"transformerLens": lens, "model": Path(folder).name, "rows": results}


def dump(value, indent=1):
    """JSON with one line a list or a flat object: readable, and small."""
    if isinstance(value, dict) and any(isinstance(v, dict | list) for v in value.values()):
        pad = " " * indent
        lines = [f"{pad}{json.dumps(k)}: {dump(v, indent + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + pad[1:] + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        pad = " " * indent
        return "[\n" + ",\n".join(pad + dump(v, indent + 1) for v in value) + "\n" + pad[1:] + "]"
    return json.dumps(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, help="folder to write to")
    parser.add_argument("--model", help="a checkpoint folder; without it, all tiny variants")
    parser.add_argument("--only", help="one tiny variant")
    options = parser.parse_args()
    torch.set_num_threads(1)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    head = {"madeWith": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}}
    if options.model:
        results = {Path(options.model).name: real(options.model)}
    else:
        labels = dict.fromkeys(["gpt2", "qwen2", "gemma", "mistral", "gpt_neo", "phi3"], 1)
        labels |= dict.fromkeys(["llama", "gpt_neox", "gptj", "qwen3", "gemma2", "gemma3"], 3)
        chosen = {name: changes for name, changes in VARIANTS.items() if options.only in (None, name)}
        results = {name: golden(name, changes, labels.get(name)) for name, changes in chosen.items()}
    for name, value in results.items():
        (out / f"{name}.json").write_text(dump({**head, **value}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
