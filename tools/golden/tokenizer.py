"""Golden token ids of tricky strings, by Hugging Face transformers' fast tokenizers.

    python tools/golden/tokenizer.py --tokenizer demo-base=packages/demo-models/base \
        --out packages/activations/test/golden/tokenizer.json
"""

import argparse
import json
from pathlib import Path

import transformers

STRINGS = [
    "",
    " ",
    "a",
    "The film was not good.",
    " leading space",
    "trailing space ",
    "two  spaces and   three",
    "line\nbreak\n\nand a blank line\n",
    "tab\tand\r\ncarriage return",
    "A dull plot.<br /><br />But what a cast!",
    "I don't think it's what they'd've wanted; we'll see, I'm sure you're right.",
    "DON'T SHOUT, IT'S LATE",
    "Curly ‘quotes’ and “double” ones—with an em dash… and ellipsis",
    "naïve café, Zoë’s jalapeño",
    "cafe\u0301 with a combining accent",
    "Größe, façade, Œuvre, ß, İstanbul",
    "Привет, мир! 1917",
    "映画はとても面白かった。",
    "영화가 좋았어요",
    "فيلم رائع",
    "🙂 ok 👍🏽 family: 👨‍👩‍👧‍👦 flag: 🇬🇧",
    "no\u00a0break, thin\u2009space, zero\u200bwidth",
    "10/10, 3.14159, 1,000,000 and 2026-11-22",
    "https://example.org/a?b=c&d=%20#e",
    "snake_case, camelCase, kebab-case, C++ & C#",
    "!!!???...---***",
    "<|endoftext|>",
    "one text<|endoftext|>another <|endoftext|> third",
    "<|endoftext|",
    "great great GREAT Great greatest ungreat",
    "a" * 40,
]


def parse(pair):
    name, _, folder = pair.partition("=")
    if not name or not folder:
        raise argparse.ArgumentTypeError(f"{pair!r}: write NAME=FOLDER")
    return name, folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokenizer", required=True, action="append", type=parse, metavar="NAME=FOLDER")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    given = " ".join(f"--tokenizer {name}={folder}" for name, folder in options.tokenizer)
    ids = {}
    for name, folder in options.tokenizer:
        tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(folder)
        ids[name] = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in STRINGS]
    head = {
        "command": f"python tools/golden/tokenizer.py {given} --out {options.out}",
        "made_with": {"transformers": transformers.__version__},
    }
    lines = ["{"] + [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items()]
    lines.append(' "cases": [')
    cases = [
        "  " + json.dumps({"text": text, "ids": {name: rows[i] for name, rows in ids.items()}}, ensure_ascii=True)
        for i, text in enumerate(STRINGS)
    ]
    lines.append(",\n".join(cases))
    lines += [" ]", "}"]
    out = Path(options.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
