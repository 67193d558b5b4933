"""Tokenizer, configuration and weights as ordinary Hugging Face folders."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

END = "<|endoftext|>"
CONTEXT = 128
VOCABULARY = 2496

CONFIG = {
    "architectures": ["GPTNeoXForCausalLM"],
    "model_type": "gpt_neox",
    "hidden_size": 128,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "intermediate_size": 512,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": CONTEXT,
    "rotary_pct": 0.25,
    "rotary_emb_base": 10000,
    "layer_norm_eps": 1e-05,
    "use_parallel_residual": True,
    "hidden_act": "gelu",
    "attention_bias": True,
    "bos_token_id": 0,
    "eos_token_id": 0,
    "tie_word_embeddings": False,
    "torch_dtype": "float16",
}


def train_tokenizer(texts, whole_words):
    """Byte-level BPE; `<|endoftext|>` is id 0. Each of `whole_words` is shown often enough to become one token with its leading space."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=True)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[AddedToken(END, normalized=False, special=True)],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    shown = [f" {word}" for word in whole_words for _ in range(len(texts) // 240)]
    tokenizer.train_from_iterator([*texts, *shown], trainer)
    if tokenizer.get_vocab_size() != VOCABULARY:
        raise ValueError(f"the texts give {tokenizer.get_vocab_size()} tokens, not {VOCABULARY}; generate more")
    return tokenizer


def new_model(seed):
    torch.manual_seed(seed)
    settings = {k: v for k, v in CONFIG.items() if k not in ("architectures", "model_type", "torch_dtype")}
    return GPTNeoXForCausalLM(GPTNeoXConfig(**settings, hidden_dropout=0.0, attention_dropout=0.0))


def round_to_half(model):
    """Rounds every weight to the value that f16 on disk will hold; computing stays in f32."""
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.half().float())
    return model


def save(model, tokenizer, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # transformers 5 calls the head lm_head; on disk it keeps GPT-NeoX's own name.
    weights = {
        name.replace("lm_head.", "embed_out."): value.detach().half().contiguous()
        for name, value in model.named_parameters()
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write_json(folder / "config.json", CONFIG)
    marks = {"bos_token": END, "eos_token": END, "unk_token": END}
    write_json(folder / "special_tokens_map.json", marks)
    rest = {"model_max_length": CONTEXT, "add_prefix_space": False, "clean_up_tokenization_spaces": False}
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "GPTNeoXTokenizerFast", **marks, **rest})


def load(folder):
    """The tokenizer and the model of a folder, computing in f32."""
    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    return tokenizer, GPTNeoXForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def write_json(path, value):
    Path(path).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
