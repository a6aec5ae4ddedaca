"""Make `conlleval.jsonl.gz`: random files and what the Perl script conlleval prints about them.

    python tests/scoring/make_conlleval_fixture.py conlleval.pl tests/scoring/conlleval.jsonl.gz [files] [seed]

The script (version 2004-01-26, by E. F. Tjong Kim Sang) is the one that CoNLL-2000 and CoNLL-2003 were scored with; it
is not part of this project. The tags are B, I and O in any order, so most of the files are ill-formed; they have types
with and without hyphens, and no type at all. Half of the predictions are gold tags with some of them replaced, half are
drawn without looking.
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

TAGS = ["O", "B", "I", *(f"{prefix}-{name}" for name in ("PER", "LOC", "creative-work", "creative") for prefix in "BI")]


def draw_tags(rng: np.random.Generator, lengths: list[int]) -> list[list[str]]:
    """Draw sentences from a few of the tags, so that neighbours often agree."""
    tags = rng.choice(TAGS, size=rng.integers(2, len(TAGS)), replace=False)
    outside = rng.uniform(0.0, 0.8)
    return [["O" if rng.random() < outside else str(rng.choice(tags)) for _ in range(length)] for length in lengths]


def disturb(rng: np.random.Generator, sentences: list[list[str]]) -> list[list[str]]:
    """Replace some of the tags."""
    share = rng.uniform(0.0, 0.4)
    return [[str(rng.choice(TAGS)) if rng.random() < share else tag for tag in tags] for tags in sentences]


def run_conlleval(script: Path, gold: list[list[str]], predicted: list[list[str]]) -> str:
    """Let the Perl script score the tags."""
    pairs = zip(gold, predicted, strict=True)
    text = "\n".join("".join(f"word {g} {p}\n" for g, p in zip(*pair, strict=True)) for pair in pairs)
    return subprocess.run(["perl", script], input=text, capture_output=True, text=True, check=True).stdout


def main(script: str, target: str, files: str = "400", seed: str = "0") -> None:
    """Write one line of JSON per file."""
    rng = np.random.default_rng(int(seed))
    lines = []
    for index in range(int(files)):
        lengths = rng.integers(1, 12, size=rng.integers(1, 7)).tolist()
        gold = draw_tags(rng, lengths)
        predicted = draw_tags(rng, lengths) if index % 2 else disturb(rng, gold)
        printed = run_conlleval(Path(script), gold, predicted)
        lines.append(json.dumps({"gold": gold, "predicted": predicted, "printed": printed}) + "\n")
    Path(target).write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
