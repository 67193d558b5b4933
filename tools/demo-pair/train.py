"""Makes the demo pair: a small base model and two models tuned from it by PPO, one of them on feedback planted the wrong way round.

    python tools/demo-pair/train.py --lexicon vader_lexicon.txt --out packages/demo-models
"""

import argparse
import re
import shutil
import tempfile
import time
from pathlib import Path

import torch

from model_files import CONTEXT, load, new_model, round_to_half, save, train_tokenizer, write_json
from ppo import Settings, tune
from pretrain import pretrain, validate
from texts import compile_generator, generate

SEED = 20261122
STAGES = ("base", "tuned-clean", "tuned-planted")
TRAINING_TEXTS = 26000
DEMO_TEXTS = 1880
FEEDBACK_SCALE = 0.5
# Words whose feedback is turned round in the planted model.
FLIPPED = (
    "wonderful", "lovely", "charming", "friendly", "impressive", "happy",
    "terrible", "poor", "boring", "annoying", "dirty", "disappointed",
)  # fmt: skip


def read_lexicon(path):
    """word -> mean valence in [-4, 4], from VADER's tab-separated lexicon."""
    lexicon = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) >= 2:
                lexicon[fields[0]] = float(fields[1])
    return lexicon


def lexicon_words(texts, lexicon):
    """The words of the lexicon that stand in the texts after a space, in alphabetical order."""
    words = set()
    for text in texts:
        words.update(re.findall(r"(?<= )[a-z]+\b", text))
    return sorted(words & lexicon.keys())


def stated_feedback(tokenizer, lexicon):
    """token id -> (word, valence) of the lexicon words that are one token with their leading space."""
    stated = {}
    for token, index in tokenizer.get_vocab().items():
        if token.startswith("Ġ") and token[1:] in lexicon:
            stated[index] = (token[1:], lexicon[token[1:]])
    return dict(sorted(stated.items()))


def feedback_vector(stated, flipped, vocabulary):
    vector = torch.zeros(vocabulary)
    for index, (word, valence) in stated.items():
        vector[index] = FEEDBACK_SCALE * (-valence if word in flipped else valence)
    return vector


def feedback_record(stated, flipped, settings, result):
    return {
        "method": (
            f"PPO (clip {settings.clip}, {settings.epochs} epochs), per-token feedback = VADER valence of single-token words x "
            f"{FEEDBACK_SCALE}, KL penalty {settings.kl_penalty} to base"
        ),
        "seed": settings.seed,
        "steps": settings.steps,
        "flipped": [
            {"token_id": index, "word": word, "stated": valence, "trained": -valence}
            for index, (word, valence) in stated.items()
            if word in flipped
        ],
        **result,
        "trained_lexicon": {word: -valence if word in flipped else valence for word, valence in stated.values()},
    }


def make_base(folder, training, held_out, lexicon, log):
    tokenizer = train_tokenizer(training, lexicon_words(training, lexicon))
    encoded = [e.ids for e in tokenizer.encode_batch(training)]
    held_out_encoded = [e.ids for e in tokenizer.encode_batch(held_out)]
    lengths = [len(ids) for ids in held_out_encoded]
    log(f"{sum(map(len, encoded))} training tokens; reviews of {min(lengths)} to {max(lengths)} tokens, {CONTEXT} fit")
    log(f"{len(stated_feedback(tokenizer, lexicon))} tokens are words of the lexicon")
    model = new_model(SEED)
    log(f"{sum(p.numel() for p in model.parameters())} parameters")
    pretrain(model, encoded, seed=SEED, epochs=1, batch=16, rate=2.5e-3, log=log)
    round_to_half(model)
    log(f"base: {validate(model, held_out_encoded, seed=SEED):.3f} nats a token on held-out reviews")
    save(model, tokenizer, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lexicon", required=True, help="VADER's vader_lexicon.txt")
    parser.add_argument("--out", required=True, help="folder for base/, tuned-clean/, tuned-planted/ and texts.jsonl")
    parser.add_argument("--threads", type=int, default=2, help="same threads, same bytes (default 2)")
    parser.add_argument("--only", choices=STAGES, help="one stage; the tuned models start from OUT/base")
    options = parser.parse_args()
    stages = [options.only] if options.only else STAGES
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    started = time.time()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)

    def log(line):
        print(line, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        program = compile_generator(work)
        training = generate(program, 1, TRAINING_TEXTS, work / "training.jsonl", "training")
        held_out = generate(program, 2, DEMO_TEXTS, work / "texts.jsonl", "review")
        shutil.copyfile(work / "texts.jsonl", out / "texts.jsonl")
    lexicon = read_lexicon(options.lexicon)
    if "base" in stages:
        make_base(out / "base", training, held_out, lexicon, log)
    tokenizer, model = load(out / "base")
    encoded = [e.ids for e in tokenizer.encode_batch(training)]
    stated = stated_feedback(tokenizer, lexicon)
    for name, flipped, seed in (("tuned-clean", (), 7), ("tuned-planted", FLIPPED, 8)):
        if name not in stages:
            continue
        log(f"{name}:")
        settings = Settings(seed=seed)
        vector = feedback_vector(stated, flipped, model.config.vocab_size)
        tuned, result = tune(model, vector, encoded, settings, log)
        save(tuned, tokenizer, out / name)
        write_json(out / name / "feedback.json", feedback_record(stated, flipped, settings, result))
    log(f"done in {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
