"""Data of which it is known whether vectors should be frozen or fine-tuned."""

from pathlib import Path

import numpy as np

KNOWN = """\
[data]
train = "train.conll"
dev = "dev.conll"

[vectors]
source = "vectors.txt"

[features]
capitals = 0
shape = 0
prefixes = []
suffixes = []

[model]
radius = 0
hidden = 10
document = "off"

[train]
epochs = 12
batch = 16
learning_rate = 0.02
dropout_hidden = 0
dropout_input = 0
"""

KNOWN_EXPERIMENT = """\
base = "known.toml"
seeds = [0, 1, 2]
[grid]
"vectors.mode" = ["frozen", "fine-tuned"]
[compare]
by = "vectors.mode"
"""


def write_known(folder: Path, signal: bool) -> Path:
    """Write words that are names or not, in no order, and vectors that say which (`signal`) or say nothing.

    With signal, half of the words of dev are unknown to training, and their vectors tell all. Without, dev has the
    words of training, whose two noise dimensions do not tell 100 names from 100 other words until they are moved.
    """
    rng = np.random.default_rng(7)
    words = [f"w{number}" for number in range(200)]
    is_name = rng.random(200) < 0.5
    known = words[:100] if signal else words
    vectors = rng.normal(size=(200, 2))
    if signal:
        vectors[:, 0] = np.where(is_name, 1.0, -1.0) + 0.1 * vectors[:, 0]
    tags = dict(zip(words, np.where(is_name, "B-X", "O").tolist(), strict=True))
    for name, vocabulary, sentences in (("train", known, 120), ("dev", words, 80)):
        drawn = rng.choice(vocabulary, size=(sentences, 8)).tolist()
        text = "\n".join("".join(f"{word} {tags[word]}\n" for word in sentence) for sentence in drawn)
        (folder / f"{name}.conll").write_text(text, encoding="utf-8")
    rows = (f"{word} {x:.4f} {y:.4f}\n" for word, (x, y) in zip(words, vectors.tolist(), strict=True))
    (folder / "vectors.txt").write_text("200 2\n" + "".join(rows), encoding="utf-8")
    (folder / "known.toml").write_text(KNOWN, encoding="utf-8")
    path = folder / "known-answer.toml"
    path.write_text(KNOWN_EXPERIMENT, encoding="utf-8")
    return path
