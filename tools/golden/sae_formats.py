"""Small SAEs as other projects write them, with features and reconstructions as those projects compute them.

    python tools/golden/sae_formats.py --out packages/sae/test/golden/formats/formats.json

Needs torch, numpy, safetensors and the packages sae-lens, eai-sparsify and dictionary-learning (their models only).
Gemma Scope's and the paper's own code are no packages: their layout and arithmetic are spelled out below.

    python tools/golden/sae_formats.py --check FOLDER

loads the folders that `node tools/golden/sae-formats-ours.mjs FOLDER` saved with SAELens and compares features and
reconstructions.
"""

import argparse
import base64
import gzip
import importlib.abc
import importlib.machinery
import json
import subprocess
import sys
import tempfile
import types
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

D_IN, D_SAE, ROWS, SCALE = 6, 10, 4, 1.75
SITE = "blocks.1.hook_mlp_out"
CONVERT = (
    "import sys, torch; from safetensors.torch import save_file; "
    "s = torch.load(sys.argv[1], map_location='cpu', weights_only=True); "
    "s = s[1] if isinstance(s, (list, tuple)) else s; s = s.get('state_dict', s); "
    "save_file({k: v.clone().contiguous() for k, v in s.items() if torch.is_tensor(v)}, sys.argv[2])"
)


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Empty modules in the place of what dictionary_learning imports besides torch and its models do not use."""

    NAMES = {"nnsight", "zstandard", "umap", "circuitsvis"}

    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split(".")[0] in self.NAMES else None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__ = []
        module.__getattr__ = lambda name: type(name, (), {})
        return module

    def exec_module(self, module):
        pass


generator = torch.Generator().manual_seed(20261122)


def normal(*shape, scale=1.0):
    # Numbers of 16 bits keep the file small.
    return (torch.randn(shape, generator=generator) * scale).bfloat16().float()


x = normal(ROWS, D_IN) + 0.3


def weights():
    return {
        "W_enc": normal(D_IN, D_SAE, scale=0.5),
        "b_enc": normal(D_SAE, scale=0.2),
        "W_dec": normal(D_SAE, D_IN),
        "b_dec": normal(D_IN, scale=0.3),
        "threshold": normal(D_SAE, scale=0.3).abs(),
        "b_gate": normal(D_SAE, scale=0.3),
        "b_mag": normal(D_SAE, scale=0.2),
        "r_mag": normal(D_SAE, scale=0.3),
    }


def fill(module, values):
    """Sets a torch module's parameters and buffers of those names."""
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if name in values:
                tensor.copy_(values[name])
    return module


def lens_config(architecture, **more):
    metadata = {"sae_lens_version": "6.54.12", "model_name": "tiny", "hook_name": SITE, "hook_head_index": None}
    base = {"architecture": architecture, "d_in": D_IN, "d_sae": D_SAE, "dtype": "float32", "device": "cpu"}
    return {**base, "normalize_activations": "none", "reshape_activations": "none", "metadata": metadata, **more}


def outputs(sae, rows=x):
    with torch.no_grad():
        features = sae.encode(rows)
        return features, sae.decode(features)


def lens_cases(folder):
    from sae_lens import SAE

    def saved(name, config, dtype="float32", tensors=None, edit=None):
        sae = fill(SAE.from_dict({**config, "dtype": dtype}), tensors or weights())
        sae.save_model(folder / name)
        if edit:
            edit(folder / name)
        loaded = SAE.load_from_disk(folder / name, dtype="float32")
        return loaded

    def scaled(name, config):
        sae = saved(name, {**config, "normalize_activations": "expected_average_only_in"})
        (folder / name / "activation_scaler.json").write_text(json.dumps({"scaling_factor": SCALE}))
        sae.fold_activation_norm_scaling_factor(SCALE)
        return sae

    yield "saelens standard", "relu", *outputs(saved("saelens standard", lens_config("standard")))
    yield "saelens standard not centred", "relu", *outputs(
        saved("saelens standard not centred", lens_config("standard", apply_b_dec_to_input=False))
    )
    yield "saelens gated", "gated", *outputs(saved("saelens gated", lens_config("gated")))
    yield "saelens gated not centred", "gated", *outputs(
        saved("saelens gated not centred", lens_config("gated", apply_b_dec_to_input=False))
    )
    yield "saelens topk", "topk", *outputs(saved("saelens topk", lens_config("topk", k=3)))
    yield "saelens topk rescaled by decoder norm", "topk", *outputs(
        saved("saelens topk rescaled by decoder norm", lens_config("topk", k=3, rescale_acts_by_decoder_norm=True))
    )
    yield "saelens jumprelu", "jumprelu", *outputs(saved("saelens jumprelu", lens_config("jumprelu")))
    for dtype in ("float16", "bfloat16", "float64"):
        name = f"saelens {dtype}"
        yield name, "relu", *outputs(saved(name, lens_config("standard"), dtype))
    yield "saelens expected_average_only_in", "relu", *outputs(
        scaled("saelens expected_average_only_in", lens_config("standard"))
    )
    yield "saelens scaled and rescaled topk", "topk", *outputs(
        scaled("saelens scaled and rescaled topk", lens_config("topk", k=3, rescale_acts_by_decoder_norm=True))
    )


def lens_training_cases(folder):
    from sae_lens import SAE, TrainingSAE

    for architecture, kind, more in (
        ("batchtopk", "batchtopk", {}),
        ("matryoshka_batchtopk", "matryoshka", {"matryoshka_widths": [4, D_SAE]}),
    ):
        config = lens_config(architecture, k=3, normalize_activations="expected_average_only_in", **more)
        sae = fill(TrainingSAE.from_dict(config), {**weights(), "topk_threshold": torch.tensor(0.4)})
        name = f"saelens {architecture} checkpoint"
        sae.save_model(folder / name)
        (folder / name / "activation_scaler.json").write_text(json.dumps({"scaling_factor": SCALE}))
        sae.fold_activation_norm_scaling_factor(SCALE)
        inference = f"saelens {architecture} saved for inference"
        sae.save_inference_model(folder / inference)
        result = outputs(SAE.load_from_disk(folder / inference, dtype="float32"))
        yield name, kind, *result
        yield inference, "jumprelu", *result


def legacy_cases(folder):
    """Folders from before version 6, with cfg.json in their flat form, as SAELens 6 reads them."""
    from sae_lens import SAE

    common = {"d_in": D_IN, "d_sae": D_SAE, "dtype": "torch.float32", "model_name": "tiny", "hook_point": SITE, "hook_point_layer": 1}
    activation = {"activation_fn_str": "topk", "activation_fn_kwargs": {"k": 3}}
    four = ("W_enc", "b_enc", "W_dec", "b_dec")
    for name, kind, config, names in (
        ("saelens before 6", "relu", {"hook_point_head_index": None, "scaling": True}, four),
        ("saelens before 6 topk", "topk", {**activation, "normalize_activations": "none", "architecture": "standard"}, four),
        ("saelens before 6 jumprelu", "jumprelu", {"architecture": "jumprelu", "apply_b_dec_to_input": False, "sae_lens_version": "5.3.0"}, (*four, "threshold")),
    ):
        (folder / name).mkdir()
        tensors = {key: value for key, value in weights().items() if key in names}
        if config.pop("scaling", False):
            tensors["scaling_factor"] = torch.ones(D_SAE)
        save_file(tensors, folder / name / "sae_weights.safetensors")
        (folder / name / "cfg.json").write_text(json.dumps({**common, **config}))
        yield name, kind, *outputs(SAE.load_from_disk(folder / name))


def sparsify_cases(folder):
    from sparsify import SparseCoder, SparseCoderConfig

    for name, config, drop in (
        ("sparsify/layers.1.mlp", SparseCoderConfig(num_latents=D_SAE, k=3, normalize_decoder=True), False),
        ("sparsify older/layers.1.mlp", SparseCoderConfig(expansion_factor=2, k=3, normalize_decoder=False), True),
    ):
        coder = SparseCoder(D_IN, config)
        latents = coder.num_latents
        fill(coder, {
            "encoder.weight": normal(latents, D_IN, scale=0.5), "encoder.bias": normal(latents, scale=0.2),
            "W_dec": normal(latents, D_IN), "b_dec": normal(D_IN, scale=0.3),
        })
        coder.save_to_disk(folder / name)
        if drop:
            path = folder / name / "cfg.json"
            kept = ("d_in", "expansion_factor", "normalize_decoder", "k")
            path.write_text(json.dumps({key: value for key, value in json.loads(path.read_text()).items() if key in kept}))
        with torch.no_grad():
            result = coder(x)
            features = torch.zeros(ROWS, latents).scatter(1, result.latent_indices, result.latent_acts)
        yield name, "topk", features, result.sae_out


def converted(folder, state, legacy=False, keep=False):
    """Pickles a state dict and converts it by the line that Feedprint gives, in a shell."""
    pickle = folder / "ae.pt"
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(state, pickle, _use_new_zipfile_serialization=not legacy)
    line = f'{sys.executable} -c "{CONVERT}" \'{pickle}\' \'{folder / "ae.safetensors"}\''
    subprocess.run(line, shell=True, check=True)
    plain = state[1] if isinstance(state, list) else state
    assert all(torch.equal(value, plain[key]) for key, value in load_file(folder / "ae.safetensors").items())
    if not keep:
        pickle.unlink()


def dictionary_learning_cases(folder):
    sys.meta_path.append(Absent())
    from dictionary_learning.dictionary import AutoEncoder, AutoEncoderNew, GatedAutoEncoder, JumpReluAutoEncoder
    from dictionary_learning.trainers.batch_top_k import BatchTopKSAE
    from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKSAE
    from dictionary_learning.trainers.top_k import AutoEncoderTopK

    for kind, dictionary, more in (
        ("relu", AutoEncoder(D_IN, D_SAE), {}),
        ("relu", AutoEncoderNew(D_IN, D_SAE), {}),
        ("gated", GatedAutoEncoder(D_IN, D_SAE), {}),
        ("topk", AutoEncoderTopK(D_IN, D_SAE, 3), {"k": 3}),
        ("batchtopk", BatchTopKSAE(D_IN, D_SAE, 3), {"k": 3}),
        ("matryoshka", MatryoshkaBatchTopKSAE(D_IN, D_SAE, 3, [4, 6]), {"k": 3}),
        ("jumprelu", JumpReluAutoEncoder(D_IN, D_SAE), {}),
    ):
        values = {}
        for key, tensor in dictionary.state_dict().items():
            if key == "threshold":
                values[key] = normal(*tensor.shape, scale=0.3).abs()
            elif key not in ("k", "group_sizes"):
                values[key] = normal(*tensor.shape, scale=0.5)
        fill(dictionary, values)
        name = f"dictionary_learning {type(dictionary).__name__}"
        converted(folder / name, dictionary.state_dict())
        trainer = {
            "dict_class": type(dictionary).__name__, "activation_dim": D_IN, "dict_size": D_SAE, "lm_name": "tiny",
            "layer": 1, "submodule_name": "mlp_out_layer_1", **more,
        }
        (folder / name / "config.json").write_text(json.dumps({"trainer": trainer, "buffer": {"ctx_len": 128, "io": "out"}}))
        yield name, kind, *outputs(dictionary)


def paper_cases(folder):
    """Forward passes as the released code has them: encoder rows are normalised before each."""
    for name, tied in (("paper tied", True), ("paper untied", False)):
        state = {"encoder.0.weight": normal(D_SAE, D_IN), "encoder.0.bias": normal(D_SAE, scale=0.2)}
        state |= {"bias": normal(D_IN)} if tied else {"decoder.weight": normal(D_IN, D_SAE), "decoder.bias": normal(D_IN)}
        converted(folder / name, [{"input_size": D_IN, "hidden_size": D_SAE, "l1_coef": 0.001}, state], legacy=tied)
        encoder = torch.nn.functional.normalize(state["encoder.0.weight"], p=2, dim=1)
        features = torch.relu(torch.nn.functional.linear(x, encoder, state["encoder.0.bias"]))
        if tied:
            yield name, "tied", features, torch.matmul(features, encoder) + state["bias"]
        else:
            yield name, "relu", features, torch.nn.functional.linear(features, state["decoder.weight"], state["decoder.bias"])


def gemma_cases(folder):
    stored = {"f4": np.float32, "f2": np.float16, "f8": np.float64}
    for name, dtype, save, lower, order in (
        ("gemma-scope-2b-pt-mlp/layer_1/width_10/average_l0_3", "f4", np.savez, False, "C"),
        ("gemma lower case, f2, compressed", "f2", np.savez_compressed, True, "C"),
        ("gemma f8, Fortran order", "f8", np.savez, False, "F"),
    ):
        values = {key: weights()[key].numpy().astype(stored[dtype]) for key in ("W_enc", "b_enc", "W_dec", "b_dec", "threshold")}
        (folder / name).mkdir(parents=True)
        arrays = {key.replace("W_", "w_") if lower else key: np.asarray(value, order=order) for key, value in values.items()}
        save(folder / name / "params.npz", **arrays)
        w = {key: torch.tensor(value.astype(np.float32)) for key, value in values.items()}
        pre = x @ w["W_enc"] + w["b_enc"]
        features = torch.relu(pre) * (pre > w["threshold"])
        yield name, "jumprelu", features, features @ w["W_dec"] + w["b_dec"]


def pickles(folder):
    """What torch.save writes, in both of its layouts, and Python itself."""
    import pickle

    state = {"bias": torch.arange(3.0)}
    torch.save(state, folder / "zip.pt")
    torch.save(state, folder / "legacy.pt", _use_new_zipfile_serialization=False)
    (folder / "plain.pkl").write_bytes(pickle.dumps({"bias": [0.0, 1.0, 2.0]}))
    return {path.name: packed(path.read_bytes()) for path in sorted(folder.iterdir())}


def base64_of(tensor):
    return base64.b64encode(tensor.detach().float().contiguous().numpy().tobytes()).decode()


def file_of(path):
    """JSON as it is, other files gzipped in base64."""
    return json.loads(path.read_text()) if path.suffix == ".json" else packed(path.read_bytes())


def packed(content):
    return base64.b64encode(gzip.compress(content, mtime=0)).decode()


def write(out):
    cases = []
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root, "saes")
        folder.mkdir()
        for source in (lens_cases, lens_training_cases, legacy_cases, sparsify_cases, dictionary_learning_cases, paper_cases, gemma_cases):
            for name, kind, features, reconstruction in source(folder):
                files = {path.name: file_of(path) for path in sorted((folder / name).iterdir())}
                cases.append({
                    "name": name, "kind": kind, "files": files,
                    "features": base64_of(features), "reconstruction": base64_of(reconstruction),
                })
        other = Path(root, "pickles")
        other.mkdir()
        pickled = pickles(other)
    from importlib.metadata import version

    packages = ("sae-lens", "eai-sparsify", "dictionary-learning", "torch", "numpy")
    result = {
        "command": f"python tools/golden/sae_formats.py --out {out}",
        "made_with": {name: version(name) for name in packages},
        "site": SITE, "rows": ROWS, "dIn": D_IN, "conversion": CONVERT,
        "x": base64_of(x), "pickles": pickled, "cases": cases,
    }
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    Path(out).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"{len(cases)} cases, {Path(out).stat().st_size} bytes")


def check(folder):
    from sae_lens import SAE

    worst = 0.0
    for path in sorted(Path(folder).iterdir()):
        expected = load_file(path / "expected.safetensors")
        sae = SAE.load_from_disk(path)
        features, reconstruction = outputs(sae, expected["x"])
        difference = max((features - expected["features"]).abs().max().item(), (reconstruction - expected["reconstruction"]).abs().max().item())
        worst = max(worst, difference)
        print(f"{path.name}: {type(sae).__name__}, {int((features > 0).sum())} active, largest difference {difference:.2e}")
    print(f"largest of all {worst:.2e}")
    assert worst < 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out")
    parser.add_argument("--check")
    options = parser.parse_args()
    if options.out:
        write(options.out)
    if options.check:
        check(options.check)


if __name__ == "__main__":
    main()
