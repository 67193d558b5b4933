"""Tiny random language models as people export them to ONNX, with golden activations and logits by transformers in f32.

    python tools/golden/onnx_exports.py --out packages/activations/test/onnx/fixtures [--only NAME ...]

Needs torch, transformers 4.57, optimum-onnx 0.1, onnx, onnxruntime, onnxruntime-genai 0.18. Each fixture is a folder with
`model.onnx.gz` (or the name that the exporter gives), `config.json` and `golden.json`; one `tokenizer.json` serves them all.
Goldens are captured by forward hooks at the last position of each row, in TransformerLens' names: what a block adds to the
residual stream (behind a post-norm, if there is one) is `hook_mlp_out` or `hook_attn_out`.
"""

import argparse
import copy
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import transformers
from onnx import helper

ROWS = [[5, 9, 2, 7, 31, 11], [3], [8, 1, 90, 30, 4, 4, 17, 22]]
VOCABULARY = 96
# Logits that are written down for edited passes: the first ones, after the last token of the first row.
EDITED_LOGITS = 16
SMALL = {"vocab_size": VOCABULARY, "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
LLAMA = {
    **SMALL,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 32,
}
NEOX = {**LLAMA, "num_attention_heads": 2, "rotary_pct": 0.25, "attention_bias": True}
NEOX.pop("num_key_value_heads")
GPT2 = {**SMALL, "n_embd": 16, "n_layer": 2, "n_head": 2, "n_inner": 24, "n_positions": 32}

# Where transformers keeps the parts of a block: attention's result and the MLP's as the block adds them, its second norm,
# the last projections of attention and of the MLP.
LLAMA_PARTS = {
    "blocks": "model.layers",
    "attn": "self_attn",
    "mlp": "mlp",
    "mid": "post_attention_layernorm",
    "out": "self_attn.o_proj",
    "down": "mlp.down_proj",
}
NEOX_PARTS = {
    "blocks": "gpt_neox.layers",
    "attn": "attention",
    "mlp": "mlp",
    "mid": None,
    "out": "attention.dense",
    "down": "mlp.dense_4h_to_h",
}
GPT2_PARTS = {
    "blocks": "transformer.h",
    "attn": "attn",
    "mlp": "mlp",
    "mid": "ln_2",
    "out": "attn.c_proj",
    "down": "mlp.c_proj",
}
GEMMA2_PARTS = {
    **LLAMA_PARTS,
    "attn": "post_attention_layernorm",
    "mlp": "post_feedforward_layernorm",
    "mid": "pre_feedforward_layernorm",
}


def random_model(kind, settings, seed, head=transformers.AutoModelForCausalLM):
    """Weights large enough that every part matters."""
    config = transformers.CONFIG_MAPPING[kind](**settings)
    model = head.from_config(config, attn_implementation="eager").eval()
    draw = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=draw)
            norm = "norm" in name or "ln_" in name
            centre = 1.0 if norm and name.endswith("weight") and "gemma" not in kind else 0.0
            # Multiples of 1/64 compress well and are exact in f16.
            spread = 0.2 if parameter.dim() == 1 else 0.3
            parameter.copy_(centre + (noise * spread * 64).round() / 64)
    return model


def rounded(values):
    return [float(f"{v:.7g}") for v in values.tolist()]


def scaled(value):
    """An edit: even units a quarter as large."""
    value = value.clone()
    value[..., ::2] *= 0.25
    return value


def golden(model, parts):
    sites, edits = {}, set()

    def keep(name):
        def hook(_module, _inputs, output):
            value = output[0] if isinstance(output, tuple) else output
            sites[name] = value[0, -1]
            if name not in edits:
                return None
            return (scaled(value), *output[1:]) if isinstance(output, tuple) else scaled(value)

        return hook

    def keep_input(name):
        def hook(_module, inputs, kwargs):
            value = inputs[0] if inputs else kwargs["hidden_states"]
            sites[name] = value[0, -1]
            if name not in edits:
                return None
            if inputs:
                return (scaled(value), *inputs[1:]), kwargs
            return inputs, {**kwargs, "hidden_states": scaled(value)}

        return hook

    for i, block in enumerate(model.get_submodule(parts["blocks"])):
        at = f"blocks.{i}."
        before = {"hook_resid_pre": block, "attn.hook_z": block.get_submodule(parts["out"])}
        before["mlp.hook_post"] = block.get_submodule(parts["down"])
        if parts["mid"]:
            before["hook_resid_mid"] = block.get_submodule(parts["mid"])
        for name, module in before.items():
            module.register_forward_pre_hook(keep_input(at + name), with_kwargs=True)
        block.get_submodule(parts["attn"]).register_forward_hook(keep(at + "hook_attn_out"))
        block.get_submodule(parts["mlp"]).register_forward_hook(keep(at + "hook_mlp_out"))
        block.register_forward_hook(keep(at + "hook_resid_post"))

    def last_logits(ids):
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
        return logits[-1] if logits.dim() == 2 else logits

    rows = []
    for ids in ROWS:
        logits = rounded(last_logits(ids))
        rows.append({"ids": ids, "logits": logits, "sites": {name: rounded(value) for name, value in sites.items()}})
    # A hook on the second norm sees the stream between attention and MLP but cannot change what the MLP is added to.
    editable = [name for name in sites if not name.endswith("hook_resid_mid")]
    edited = []
    for chosen in [*([name] for name in editable if name.startswith("blocks.0.")), editable]:
        edits.update(chosen)
        edited.append({"sites": chosen, "logits": rounded(last_logits(ROWS[0])[:EDITED_LOGITS])})
        edits.clear()
    return rows, edited


def strip(graph):
    """Leaves out what no runtime reads: it would be most of so small a file."""
    del graph.value_info[:]
    for node in graph.node:
        node.ClearField("doc_string")
        del node.metadata_props[:]
        for attribute in node.attribute:
            if attribute.HasField("g"):
                strip(attribute.g)


def with_optimum(model, folder, task, opset=17):
    """An export as `optimum-cli export onnx` makes it."""
    from optimum.exporters.onnx import onnx_export_from_model

    copied = copy.deepcopy(model)
    onnx_export_from_model(copied, output=folder, task=task, do_validation=False, opset=opset)
    return onnx.load(str(folder / "model.onnx"))


def with_torch(model, folder, **options):
    """torch.onnx.export, by tracing or, with `dynamo=True`, by torch.export."""

    class Logits(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = copy.deepcopy(model)

        def forward(self, input_ids, attention_mask):
            return self.model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits

    ids = torch.tensor([[5, 9, 2, 7, 31], [8, 1, 1, 4, 4]])
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", min=1, max=32)
    torch.onnx.export(
        Logits(),
        (ids, torch.ones_like(ids)),
        str(folder / "model.onnx"),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
        dynamo=True,
        external_data=False,
        **options,
    )
    return onnx.load(str(folder / "model.onnx"))


def merged(model, folder):
    """`decoder_model_merged.onnx` of older exports: one If node chooses between a pass with and one without a cache."""
    past = with_optimum(model, folder, "text-generation-with-past")
    plain = onnx.ModelProto()
    plain.CopyFrom(past)
    # The branch without a cache: the same pass, on caches of no length.
    inputs = [i for i in past.graph.input if i.name.startswith("past_key_values")]
    del plain.graph.input[:]
    plain.graph.input.extend(i for i in past.graph.input if not i.name.startswith("past_key_values"))
    width = inputs[0].type.tensor_type.shape.dim
    heads, size = width[1].dim_value, width[3].dim_value
    nodes = [
        helper.make_node("Shape", ["input_ids"], ["ids_shape"]),
        helper.make_node("Gather", ["ids_shape", "zero_index"], ["batch_of_ids"]),
        helper.make_node("Concat", ["batch_of_ids", "rest_of_shape"], ["empty_shape"], axis=0),
    ]
    nodes += [helper.make_node("ConstantOfShape", ["empty_shape"], ["empty_" + i.name]) for i in inputs]
    for node in plain.graph.node:
        for i, name in enumerate(node.input):
            if name.startswith("past_key_values"):
                node.input[i] = "empty_" + name
        nodes.append(node)
    del plain.graph.node[:]
    plain.graph.node.extend(nodes)
    plain.graph.initializer.append(helper.make_tensor("zero_index", onnx.TensorProto.INT64, [1], [0]))
    plain.graph.initializer.append(helper.make_tensor("rest_of_shape", onnx.TensorProto.INT64, [3], [heads, 0, size]))
    from optimum.onnx.graph_transformations import merge_decoders

    return merge_decoders(plain, past, save_path=folder / "merged.onnx", strict=False)


def fused_by_onnxruntime(proto, folder, kind, heads, width, **options):
    """As `python -m onnxruntime.transformers.optimizer` leaves it."""
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    path = folder / "plain.onnx"
    onnx.save(proto, str(path))
    settings = FusionOptions(kind)
    for name, value in options.items():
        setattr(settings, name, value)
    optimized = optimize_model(
        str(path), model_type=kind, num_heads=heads, hidden_size=width, opt_level=0, optimization_options=settings, only_onnxruntime=False
    )
    print("  fused:", {k: v for k, v in optimized.get_fused_operator_statistics().items() if v})
    return optimized.model


def with_genai(model, folder, precision="fp32"):
    """As `python -m onnxruntime_genai.models.builder` writes it: weights in `model.onnx.data`, attention in one operator."""
    source, output = folder / "source", folder / "genai"
    shutil.rmtree(output, ignore_errors=True)
    model.save_pretrained(source)
    tokenizer_file(source)
    config = json.loads((source / "config.json").read_text())
    # The builder cannot read null there, and imports classes of newer transformers that it does not need here.
    (source / "config.json").write_text(json.dumps({**config, "rope_scaling": {"rope_type": "default"}}))
    newer = ["Qwen3_5ForConditionalGeneration", "Qwen3_5MoeForConditionalGeneration"]
    program = (
        "import runpy, sys, transformers\n"
        f"for name in {newer}:\n"
        "    if not hasattr(transformers, name): setattr(transformers, name, object)\n"
        "runpy.run_module('onnxruntime_genai.models.builder', run_name='__main__')\n"
    )
    arguments = ["-i", source, "-o", output, "-p", precision, "-e", "cpu", "-c", folder / "cache"]
    subprocess.run([sys.executable, "-c", program, *map(str, arguments)], check=True)
    return onnx.load(str(output / "model.onnx"))


def in_4_bits(model, folder):
    """With weights in blocks of 4-bit numbers; the model gets the same weights, so that it stays the oracle."""
    proto = with_genai(model, folder, "int4")
    tensors = {t.name: onnx.numpy_helper.to_array(t, str(folder / "genai")) for t in proto.graph.initializer}
    for node in proto.graph.node:
        if node.op_type != "MatMulNBits":
            continue
        for attribute in node.attribute:
            if attribute.name == "accuracy_level":
                attribute.i = 1  # leaves the activations in f32
        size = {a.name: a.i for a in node.attribute}
        packed, scales = tensors[node.input[1]].reshape(size["N"], -1), tensors[node.input[2]].reshape(size["N"], -1)
        numbers = np.stack([packed & 15, packed >> 4], -1).reshape(*scales.shape, -1).astype(np.float32) - 8
        weight = torch.tensor((numbers * scales[..., None]).reshape(size["N"], -1)[:, : size["K"]])
        parts = node.name.strip("/").split("/")[:-1]
        path = ".".join(parts).replace("attn", "self_attn")
        if parts[-1] == "qkv_proj":
            attention = model.get_submodule(path.rsplit(".", 1)[0])
            targets = [attention.q_proj, attention.k_proj, attention.v_proj]
        else:
            targets = [model.get_submodule(path)]
        pieces = weight.split([target.weight.shape[0] for target in targets])
        for target, piece in zip(targets, pieces):
            with torch.no_grad():
                target.weight.copy_(piece)
    return proto


def tokenizer_file(folder):
    """Byte-level BPE without merges: the end of text, then 95 printable characters."""
    letters = ["Ġ"] + [chr(c) for c in range(33, 127)]
    tokens = ["<|endoftext|>", *letters]
    split = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    flags = {"special": True, "normalized": False, "lstrip": False, "rstrip": False, "single_word": False}
    value = {
        "version": "1.0",
        "added_tokens": [{"id": 0, "content": "<|endoftext|>", **flags}],
        "normalizer": None,
        "pre_tokenizer": split,
        "post_processor": split,
        "decoder": split,
        "model": {"type": "BPE", "vocab": {token: i for i, token in enumerate(tokens)}, "merges": []},
    }
    (folder / "tokenizer.json").write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|endoftext|>"}
    if folder.name == "source":
        (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def fixtures(work):
    neox = random_model("gpt_neox", NEOX, 1)
    yield "neox", neox, NEOX_PARTS, lambda: with_optimum(neox, work, "text-generation")
    llama = random_model("llama", LLAMA, 2)
    yield "llama-past", llama, LLAMA_PARTS, lambda: with_optimum(llama, work, "text-generation-with-past")
    gpt2 = random_model("gpt2", GPT2, 3)
    # Before operator set 17 norms are written out.
    yield "gpt2", gpt2, GPT2_PARTS, lambda: with_optimum(gpt2, work, "text-generation", opset=14)
    yield "gpt2-merged", gpt2, GPT2_PARTS, lambda: merged(gpt2, work)
    yield "gpt2-fused", gpt2, GPT2_PARTS, lambda: fused_by_onnxruntime(
        with_optimum(gpt2, work, "text-generation"), work, "gpt2", 2, 16
    )
    sequential = random_model("gpt_neox", {**NEOX, "use_parallel_residual": False}, 4)
    yield "neox-sequential-dynamo", sequential, {**NEOX_PARTS, "mid": "post_attention_layernorm"}, lambda: with_torch(
        sequential, work
    )
    gemma2 = random_model("gemma2", {**LLAMA, "head_dim": 4, "query_pre_attn_scalar": 4}, 5)
    yield "gemma2", gemma2, GEMMA2_PARTS, lambda: with_optimum(gemma2, work, "text-generation")
    # The fused operator wants heads of 16 units or a multiple.
    wide = {**LLAMA, "hidden_size": 32, "num_attention_heads": 2, "num_key_value_heads": 1}
    qwen2 = random_model("qwen2", wide, 6)
    yield "qwen2-genai", qwen2, LLAMA_PARTS, lambda: with_genai(qwen2, work)
    quantised = random_model("qwen2", wide, 6)
    yield "qwen2-4bit", quantised, LLAMA_PARTS, lambda: in_4_bits(quantised, work)
    reward = random_model("llama", {**LLAMA, "num_labels": 3}, 8, transformers.AutoModelForSequenceClassification)
    yield "llama-reward", reward, LLAMA_PARTS, lambda: with_optimum(reward, work, "text-classification")
    yield "llama-f16", llama, LLAMA_PARTS, lambda: half(with_optimum(llama, work, "text-generation"))


def half(proto):
    from onnxruntime.transformers.float16 import convert_float_to_float16

    return convert_float_to_float16(proto, keep_io_types=False, disable_shape_infer=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", nargs="*", help="names of fixtures")
    options = parser.parse_args()
    torch.set_num_threads(1)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer_file(out)
    work = Path(tempfile.mkdtemp())
    for name, model, parts, export in fixtures(work):
        if options.only and name not in options.only:
            continue
        folder = out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        proto = export()
        file = {"gpt2-merged": "decoder_model_merged.onnx"}.get(name, "model.onnx")
        del proto.metadata_props[:]
        strip(proto.graph)
        if name.startswith("qwen2"):
            onnx.save(proto, str(folder / file), save_as_external_data=True, location="model.onnx.data", size_threshold=128)
        else:
            onnx.save(proto, str(folder / file))
        for path in folder.iterdir():
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            path.unlink()
        kept = {k: v for k, v in model.config.to_diff_dict().items() if not isinstance(v, (dict, list)) or k == "id2label"}
        (folder / "config.json").write_text(json.dumps({**kept, "model_type": model.config.model_type}, indent=1) + "\n")
        versions = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}
        rows, edited = golden(model, parts)
        command = f"python tools/golden/onnx_exports.py --out {options.out}"
        head = f' "command": {json.dumps(command)},\n "made_with": {json.dumps(versions)},\n'
        lists = (f' "{key}": [\n' + ",\n".join("  " + json.dumps(v) for v in value) + "\n ]" for key, value in [("rows", rows), ("edited", edited)])
        (folder / "golden.json").write_text("{\n" + head + ",\n".join(lists) + "\n}\n")
        print(name, len(proto.graph.node), "nodes", sum(f.stat().st_size for f in folder.iterdir()), "bytes")
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
