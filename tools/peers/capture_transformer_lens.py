"""Times MLP-output capture with TransformerLens' run_with_cache and prints one JSON line. Texts: JSONL (optionally .gz) with a `text` field.

    python tools/peers/capture_transformer_lens.py --model DIR --texts FILE --layers 0,1,2,3,4,5 --limit 256 --length 128 --threads 2

The model is a GPT-NeoX folder, converted as HookedTransformer.from_pretrained_no_processing converts one of the hub. Timed as
`feedprint bench capture` is: tokenising, padding and the forward passes up to the last layer asked for; one untimed round first.
TransformerLens 3.9, transformers 5.23, torch 2.13.
"""
import argparse, gzip, json, statistics, time
import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig
from transformer_lens.pretrained.weight_conversions import convert_neox_weights
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

p = argparse.ArgumentParser()
p.add_argument("--model", required=True)
p.add_argument("--texts", required=True)
p.add_argument("--layers", default="0,1,2,3,4,5")
p.add_argument("--limit", type=int, default=256)
p.add_argument("--length", type=int, default=128)
p.add_argument("--batch", type=int, default=16)
p.add_argument("--threads", type=int, default=2)
p.add_argument("--repeat", type=int, default=5)
p.add_argument("--check", action="store_true", help="compare the captured activations with transformers' first")
a = p.parse_args()
torch.set_num_threads(a.threads)
tok = PreTrainedTokenizerFast(tokenizer_file=f"{a.model}/tokenizer.json")
tok.pad_token = tok.pad_token or tok.convert_ids_to_tokens(0)
source = AutoModelForCausalLM.from_pretrained(a.model, torch_dtype=torch.float32).eval()
hf = source.config
rope = hf.rope_parameters
config = HookedTransformerConfig(
    n_layers=hf.num_hidden_layers,
    d_model=hf.hidden_size,
    n_heads=hf.num_attention_heads,
    d_head=hf.hidden_size // hf.num_attention_heads,
    d_mlp=hf.intermediate_size,
    d_vocab=hf.vocab_size,
    n_ctx=hf.max_position_embeddings,
    eps=hf.layer_norm_eps,
    act_fn=hf.hidden_act,
    positional_embedding_type="rotary",
    rotary_dim=int(rope.get("partial_rotary_factor", 1.0) * hf.hidden_size // hf.num_attention_heads),
    rotary_base=int(rope["rope_theta"]),
    rotary_adjacent_pairs=False,
    parallel_attn_mlp=hf.use_parallel_residual,
    normalization_type="LN",
    tokenizer_prepends_bos=False,
    default_prepend_bos=False,
    device="cpu",
    dtype=torch.float32,
)
model = HookedTransformer(config).eval()
model.load_state_dict(convert_neox_weights(source, config), strict=False)
model.set_tokenizer(tok, default_padding_side="right")
layers = [int(i) for i in a.layers.split(",")]
names = {f"blocks.{i}.hook_mlp_out" for i in layers}
opener = gzip.open if a.texts.endswith(".gz") else open
with opener(a.texts, "rt", encoding="utf8") as f:
    texts = [json.loads(line)["text"] for _, line in zip(range(a.limit), f)]


def encode(some):
    b = tok(some, return_tensors="pt", padding=True, truncation=True, max_length=a.length)
    return b["input_ids"], b["attention_mask"]


def forward(ids, mask):
    return model.run_with_cache(
        ids,
        attention_mask=mask,
        return_type=None,
        names_filter=lambda name: name in names,
        stop_at_layer=max(layers) + 1,
    )[1]


def run():
    n = 0
    with torch.no_grad():
        for i in range(0, len(texts), a.batch):
            ids, mask = encode(texts[i : i + a.batch])
            forward(ids, mask)
            n += int(mask.sum())
    return n


if a.check:
    kept = {}
    for i in layers:
        source.gpt_neox.layers[i].mlp.register_forward_hook(lambda m, x, y, i=i: kept.__setitem__(i, y))
    ids, mask = encode(texts[:4])
    with torch.no_grad():
        source.gpt_neox(input_ids=ids, attention_mask=mask)
        cache = forward(ids, mask)
    real = mask.bool()
    worst = max(float((cache[f"blocks.{i}.hook_mlp_out"][real] - kept[i][real]).abs().max()) for i in layers)
    assert worst < 1e-4, worst
del source
run()
times = []
for _ in range(a.repeat):
    t = time.perf_counter()
    n = run()
    times.append(time.perf_counter() - t)
print(json.dumps({"peer": "transformer-lens run_with_cache", "tokens": n, "tokensPerSecond": n / statistics.median(times)}))
