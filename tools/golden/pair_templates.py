"""Golden pairs: token ids that transformers' apply_chat_template gives a conversation with either reply, by templates of our own.

    python tools/golden/pair_templates.py --out packages/recipes/test/golden/pair-templates.json
"""

import argparse
import json
import tempfile
from pathlib import Path

import tokenizers
import transformers
from tokenizers import decoders, models, pre_tokenizers, trainers

# In the style of ChatML, of Llama 3 and of a template that thinks only where it generates.
TEMPLATES = {
    "turns": (
        "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    ),
    "trimmed": (
        "{{ bos_token }}{% for m in messages %}{{ '[' + m.role + ']\n\n' + m.content | trim + eos_token }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '[assistant]\n\n' }}{% endif %}"
    ),
    "thinking": (
        "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n<think>' }}{% endif %}"
    ),
}
HI = {"role": "user", "content": "Name a colour."}
PAIRS = {
    "one question": {"turns": [HI], "chosen": "Blue, a good one.", "rejected": "No."},
    "after turns": {
        "turns": [
            {"role": "system", "content": "Be kind."},
            HI,
            {"role": "assistant", "content": "Blue."},
            {"role": "user", "content": "Another é?\n"},
        ],
        "chosen": "\nRed  ",
        "rejected": "Red, a good one.",
    },
}


def tokenizer() -> transformers.PreTrainedTokenizerFast:
    own = tokenizers.Tokenizer(models.BPE())
    own.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    own.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=290,
        show_progress=False,
        special_tokens=["<s>", "</s>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    own.train_from_iterator(["a good colour one kind assistant user \n\n Name Blue Red"] * 4, trainer)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=own, bos_token="<s>", eos_token="</s>")


def main(out: Path) -> None:
    own = tokenizer()
    cases = []
    for name, template in TEMPLATES.items():
        own.chat_template = template
        ids = lambda turns, start=False: own.apply_chat_template(
            turns, tokenize=True, add_generation_prompt=start, return_dict=False
        )
        for pair, written in PAIRS.items():
            whole = lambda side: ids([*written["turns"], {"role": "assistant", "content": written[side]}])
            cases.append(
                {
                    "template": name,
                    "pair": pair,
                    "prompt": ids(written["turns"], True),
                    "chosen": whole("chosen"),
                    "rejected": whole("rejected"),
                }
            )
    with tempfile.TemporaryDirectory() as folder:
        own.save_pretrained(folder)
        file = json.loads((Path(folder) / "tokenizer.json").read_text())
    versions = {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}
    golden = {"versions": versions, "tokenizer": file, "templates": TEMPLATES, "pairs": PAIRS, "cases": cases}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    main(parser.parse_args().out)
