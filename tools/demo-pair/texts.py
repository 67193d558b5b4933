"""Runs the TypeScript review generator."""

import json
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent


def compile_generator(work):
    """Compiles src/ to WORK/dist with the workspace's TypeScript; returns the program."""
    root = HERE.parent.parent
    dist = work / "dist"
    subprocess.run(
        ["node", root / "node_modules/typescript/bin/tsc", "-p", HERE / "tsconfig.json", "--outDir", dist], check=True
    )
    (work / "package.json").write_text('{"type":"module"}\n', encoding="utf-8")
    return dist / "generate.js"


def generate(program, seed, count, out, prefix):
    """Writes `count` reviews to OUT and returns their texts."""
    arguments = ["--seed", str(seed), "--count", str(count), "--out", str(out), "--prefix", prefix]
    subprocess.run(["node", program, *arguments], check=True)
    with open(out, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]
