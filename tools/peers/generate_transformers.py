"""Times transformers.generate with its KV cache on the prompts of `feedprint bench generate` and prints one JSON line.

    python tools/peers/generate_transformers.py --model packages/demo-models/base --prompts 16 --prompt-length 32 --new-tokens 64 --batch 16

Prompts are made up: of the ids that are not special, in order, the one at (7919 r + 104729 t) modulo their count stands at position t of
prompt r. Rows do not end before the last token, as nothing counts as the end of a text.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import torch
import transformers


def made_up_prompts(folder, vocabulary, prompts, length):
    tokenizer = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf-8"))
    added = tokenizer.get("added_tokens", [])
    known = tokenizer["model"]["vocab"]
    largest = max([len(known) - 1 if isinstance(known, list) else max(known.values()), *(t["id"] for t in added)])
    special = {t["id"] for t in added if t.get("special")}
    ids = [i for i in range(min(vocabulary, largest + 1)) if i not in special]
    return torch.tensor([[ids[(7919 * r + 104729 * t) % len(ids)] for t in range(length)] for r in range(prompts)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="checkpoint folder")
    parser.add_argument("--prompts", type=int, default=16)
    parser.add_argument("--prompt-length", type=int, default=32)
    parser.add_argument("--new-tokens", type=int, default=64)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--temperature", type=float, default=0.0, help="0 takes the most probable token")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--ids", action="store_true", help="print the new tokens too")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = transformers.AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    rows = made_up_prompts(options.model, model.config.vocab_size, options.prompts, options.prompt_length)
    sampled = options.temperature > 0
    config = transformers.GenerationConfig(
        max_new_tokens=options.new_tokens,
        do_sample=sampled,
        **({"temperature": options.temperature, "top_k": 0} if sampled else {}),
        use_cache=True,
        eos_token_id=None,
        pad_token_id=0,
    )
    model.generation_config = config

    def run(prompts):
        with torch.inference_mode():
            return model.generate(prompts, attention_mask=torch.ones_like(prompts), generation_config=config)

    run(rows[: options.batch])
    times = []
    for _ in range(options.repeat):
        started = time.perf_counter()
        added = [run(part)[:, options.prompt_length :] for part in rows.split(options.batch)]
        times.append(time.perf_counter() - started)
    tokens = sum(part.numel() for part in added)
    seconds = statistics.median(times)
    result = {
        "peer": f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}",
        "tokens": tokens,
        "threads": options.threads,
        "seconds": seconds,
        "tokensPerSecond": tokens / seconds,
    }
    if options.ids:
        result["ids"] = [row for part in added for row in part.tolist()]
    print(json.dumps(result))


if __name__ == "__main__":
    main()
