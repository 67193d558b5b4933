"""Golden ids of small tokenizers of kinds that the checkpoints at hand have not, made here with their files.

    python tools/golden/tokenizer_kinds.py --out packages/activations/test/golden/tokenizer-kinds.json
"""

import argparse
import json
import tempfile
from pathlib import Path

import tokenizers
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SPECIAL = AddedToken("</s>", special=True, normalized=False)
TEXTS = [
    "a film and two films by a filmmaker",
    "film",
    "film, film; (film) film_film film-film 2film film2",
    "éfilm filmé film\u0301 film\u200dfilm",
    "telefilm film</s>film</s> film",
    "the  film\nfilm",
    "Film FILM film",
    "unknown wörds, and the film",
    "film noir films noir film noirs",
    "",
]


def byte_level():
    vocab = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def single_words(normalized, **strip):
    tokenizer = byte_level()
    if normalized:
        tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.add_tokens([SPECIAL])
    tokenizer.add_tokens([AddedToken(t, single_word=True, normalized=normalized, **strip) for t in ("film", "film noir")])
    return tokenizer


def words(unknown, lowercase=False, template=False):
    listed = [unknown, "</s>", "the", "film", "films", "a", "and", "two", "by", "noir", ",", ";", "fil"]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(listed)}, unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    if lowercase:
        tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.add_tokens([SPECIAL])
    if template:
        tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer


CASES = {
    "single words": single_words(False),
    "single words, normalised": single_words(True),
    "single words that take blanks": single_words(False, lstrip=True, rstrip=True),
    "word level": words("<unk>"),
    "word level in lower case, with an end": words("[UNK]", lowercase=True, template=True),
}


def golden(tokenizer):
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save(str(Path(folder) / "tokenizer.json"))
        (Path(folder) / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"}))
        loaded = transformers.AutoTokenizer.from_pretrained(folder)
        texts = [
            {"text": t, "ids": loaded(t, add_special_tokens=False)["input_ids"], "special": loaded(t)["input_ids"]} for t in TEXTS
        ]
        return {"file": json.loads((Path(folder) / "tokenizer.json").read_text()), "texts": texts}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    head = {
        "command": f"python tools/golden/tokenizer_kinds.py --out {options.out}",
        "made_with": {"tokenizers": tokenizers.__version__, "transformers": transformers.__version__},
    }
    lines = ["{"] + [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items()] + [' "cases": {']
    lines.append(",\n".join(f"  {json.dumps(k)}: {json.dumps(golden(v))}" for k, v in CASES.items()))
    lines += [" }", "}"]
    Path(options.out).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
