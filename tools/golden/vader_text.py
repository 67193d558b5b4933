"""Golden scores of sentences by vaderSentiment, rule by rule, and of random ones in which the rules meet.

    python tools/golden/vader_text.py --out packages/feedback/test/golden/vader-text.json
"""

import argparse
import hashlib
import json
import random
import re
from importlib.metadata import version
from pathlib import Path

from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SentimentIntensityAnalyzer

RULES = {
    "plain": ["", " ", "the plot of a film", "a good film", "a bad film", "good and bad", "good bad horrible great", "goood"],
    "boosters": [
        "a very good film",
        "a very, truly good film",
        "a very long but also good film",
        "an utterly awful film",
        "so extremely funny",
        "very very very happy",
        "very bad and really boring",
        "it was really the best",
        "more fun than most",
    ],
    "dampeners": [
        "a slightly good film",
        "barely funny",
        "somewhat boring",
        "kind of good",
        "it was kind of good",
        "it was sort of a good thing",
        "it was kind of bad",
        "just enough fun",
        "there was just enough fun",
        "what kind of film",
        "a kind man",
        "kindof nice and sorta sad",
    ],
    "negation": [
        "not good",
        "not a good film",
        "not a very good film",
        "not ever quite a good film",
        "isn't good",
        "it ain't bad",
        "you mustn't be sad",
        "never so good",
        "never this bad",
        "never been so good",
        "it was never ever so good",
        "it is so good",
        "so it was good",
        "this is good",
        "this good",
        "without doubt good",
        "without a doubt good",
        "without any doubt good",
        "without hope",
        "nobody could've hoped, nor did they enjoy it",
        "rarely funny, seldom sad, despite joy",
        "uh-uh, not fun",
    ],
    "no": [
        "no",
        "no.",
        "NO WAY",
        "no good",
        "no really good film",
        "no fun or joy",
        "no fun nor joy at all",
        "no, it was good",
        "oh no",
        "NO fun here",
        "there is no happiness or love",
    ],
    "least": [
        "least good",
        "the least good",
        "at least good",
        "the very least good",
        "at least it was fun",
        "least",
    ],
    "but": [
        "good but bad",
        "bad but good",
        "the cast is great, but the film is terrible",
        "good good but good good",
        "good but bad but good",
        "but good",
        "good but",
        "sad sad but happy sad",
        "happy but sad happy",
        "it was nice BUT dull",
    ],
    "capitals": [
        "GOOD",
        "a GOOD film",
        "A GOOD FILM",
        "a BAD film",
        "a VERY good film",
        "a VERY bad film",
        "a VERY GOOD film",
        "it was NOT good",
        "I am glad",
        "I AM glad",
        "a 3D film, GOOD 100",
        "a SLIGHTLY good film",
        "a SLIGHTLY awful film",
    ],
    "punctuation": [
        "good!",
        "good!!",
        "good!!!!!",
        "bad!!!",
        "what!!!",
        "good?",
        "good??",
        "good???",
        "bad????",
        "good!?!?",
        "good! bad!",
        "!!!",
        "'good', (bad) \"funny\" ...sad...",
        "well-loved",
        "don't love",
    ],
    "phrases": [
        "it was the bomb",
        "this film was the shit",
        "he is a bad ass",
        "a real bad ass hero",
        "at the bus stop we met",
        "I waited at the bus stop today",
        "yeah right, great",
        "oh yeah right, what a great film",
        "it was a kiss of death for him",
        "the cake was to die for",
        "my beating heart is here",
        "it was such a badass film",
        "the other bomb",
    ],
    "emoticons": [":)", "good :)", ":( bad", ":D", "fine ;-)", "<3", "so :'(", "x) and 8)", "=) =(", "ok :-P", "no :)"],
    "emoji": [
        "😀",
        "good 😀",
        "good😀",
        "😀😀 good",
        "😀good",
        "❤ and ❤️",
        "not 💔 at all",
        "👍🏽 very 🤗",
        "🎒 with 🥿 on 🧱",
        "🥰 but 😡!!",
        "🫠 is newer",
    ],
    "white space": ["good\tbad\nfine", "good\u00a0bad", "good\ufeffbad", "good\u3000bad", "\u001cgood\u001c", "  good  "],
    "letters": ["Straße GUT good", "ǅ GOOD film", "été GOOD", "İSTANBUL good", "Ⅷ good", "ʰ GOOD ab"],
}

FILLERS = "the film it was a plot of and with ok I him".split()


def mixed(lexicon, emojis, count):
    """Sentences of words that the rules are about, in any order, case and punctuation."""
    rng = random.Random(20231016)
    particular = sorted(BOOSTER_DICT) + sorted(NEGATE) + "no or nor but least at very so this never without doubt kind of".split() * 4
    def word():
        pool = rng.choices([lexicon, particular, FILLERS, emojis], weights=[40, 35, 20, 5])[0]
        text = rng.choice(pool)
        text = rng.choices([text, text.upper(), text.capitalize()], weights=[75, 15, 10])[0]
        return text + rng.choices(["", "!", "?", "??", ",", "..."], weights=[80, 5, 3, 2, 7, 3])[0]
    return [" ".join(word() for _ in range(rng.randint(1, 12))) for _ in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    analyzer = SentimentIntensityAnalyzer()

    def scored(texts):
        return [[text, *(analyzer.polarity_scores(text)[key] for key in ("compound", "pos", "neu", "neg"))] for text in texts]

    emojis = {emoji: name for emoji, name in analyzer.emojis.items() if len(emoji) == 1}
    names = "\n".join(sorted(f"{emoji}\t{name}" for emoji, name in emojis.items()))
    words = sorted(word for word in analyzer.lexicon if word.isalpha() and word.isascii())
    golden = {
        "command": "python tools/golden/vader_text.py --out packages/feedback/test/golden/vader-text.json",
        "made_with": {"vaderSentiment": version("vaderSentiment")},
        "emoji": {"count": len(emojis), "sha256": hashlib.sha256(names.encode()).hexdigest()},
        "rules": {rule: scored(texts) for rule, texts in RULES.items()},
        "mixed": scored(mixed(words, sorted(emojis), 400)),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    # A sentence a line: its numbers, and the bracket behind them, on the line of its text.
    out.write_text(re.sub(r"(?<=\[)\n\s+(?=\")|\n\s+(?=-?\d)|(?<=\d)\n\s+(?=\])", " ", json.dumps(golden, indent=1)) + "\n")


if __name__ == "__main__":
    main()
