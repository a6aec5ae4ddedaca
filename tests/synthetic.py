"""A small made-up corpus, word vectors for it, and one tagger trained on it, shared by the tests of files and commands.

Names of people and places, first and last ones drawn apart, stand in a few sentence patterns, so that two epochs of
training suffice and dev holds names that train lacks.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from click.testing import CliRunner, Result

from windowner.cli.main import main
from windowner.runs.finishing import Run
from windowner.runs.training import train

FIRST = "John Mary Paul Anna Peter Lucy Omar Ingrid Kofi Mei".split()
LAST = "Smith Miller Brown O'Neil Garcia Ivanov Chen Mensah Berg Rossi".split()
PLACES = "Paris London Berlin Rome Oslo Cairo New_York San_Marino Rio_de_Janeiro Lagos".split()
HARD_PLACES = [*PLACES, "Smith", "Omar_Miller", "John_Brown"]  # of dev and test, so that no tagger is perfect
PATTERNS = (
    "PER lives in LOC .",
    "PER and PER met in LOC yesterday .",
    "The weather in LOC is bad .",
    "We saw PER on Monday , 3 hours late .",
    "Nothing happened .",
    "LOC , LOC and LOC are cities .",
)
CONFIG = """\
[data]
train = "train.conll"
dev = "dev.conll"
test = "test.conll"

[features]
shape = 4
affix_size = 4

[model]
loss = "word"
hidden = 20
document = "off"

[train]
epochs = 2
batch = 32
learning_rate = 0.01
"""


@dataclass(frozen=True)
class Tiny:
    """A folder with `tiny.toml`, its three corpora and `vectors.txt`, and what was trained there, in `run`."""

    folder: Path
    run: Run

    @property
    def config(self) -> Path:
        return self.folder / "tiny.toml"

    @property
    def model(self) -> Path:
        return self.run.folder / "model.safetensors"


def draw_sentence(rng: np.random.Generator, places=PLACES) -> list[tuple[str, str]]:
    """Draw the tokens and IOB2 tags of a sentence."""
    rows: list[tuple[str, str]] = []
    for word in rng.choice(PATTERNS).split():
        if word == "PER":
            rows += [(rng.choice(FIRST), "B-PER"), (rng.choice(LAST), "I-PER")]
        elif word == "LOC":
            first, *rest = rng.choice(places).split("_")
            rows += [(first, "B-LOC"), *((token, "I-LOC") for token in rest)]
        else:
            rows.append((word, "O"))
    return rows


def write_corpus(path: Path, seed: int, sentences: int, places=PLACES) -> Path:
    """Write a column file of token, a number that nobody needs, and tag."""
    rng = np.random.default_rng(seed)
    drawn = ["".join(f"{token} {i} {tag}\n" for token, tag in draw_sentence(rng, places)) for i in range(sentences)]
    path.write_text("-DOCSTART- -X- O\n\n" + "\n".join(drawn), encoding="utf-8")
    return path


def write_vectors(path: Path, size: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
    """Write word vectors in word2vec's text format, lower-cased, without `omar` and `mei` but with `zurich`."""
    rng = np.random.default_rng(seed)
    names = [word for name in FIRST + LAST + PLACES for word in name.lower().split("_")]
    patterns = [word.lower() for pattern in PATTERNS for word in pattern.split()]
    words = [word for word in dict.fromkeys([*patterns, *names, "zurich", "geneva", "spare"])]
    words = [word for word in words if word not in ("omar", "mei")]
    vectors = rng.normal(size=(len(words), size)).astype(np.float32)
    vectors[words.index("zurich")] = vectors[words.index("paris")]
    rows = (f"{word} {' '.join(repr(float(x)) for x in row)}\n" for word, row in zip(words, vectors, strict=True))
    path.write_text(f"{len(words)} {size}\n" + "".join(rows), encoding="utf-8")
    return dict(zip(words, vectors, strict=True))


def write_tiny(folder: Path) -> Path:
    """Write config, corpora and vectors into a new folder; return the path of the config."""
    folder.mkdir(parents=True, exist_ok=True)
    write_corpus(folder / "train.conll", 1, 250, PLACES[:-1])
    write_corpus(folder / "dev.conll", 2, 40, HARD_PLACES)
    write_corpus(folder / "test.conll", 3, 40, HARD_PLACES)
    write_vectors(folder / "vectors.txt")
    config = folder / "tiny.toml"
    config.write_text(CONFIG, encoding="utf-8")
    return config


@cache
def train_tiny(base: Path) -> Tiny:
    """Write everything into a folder and train there; once a test session."""
    config = write_tiny(base / "tiny")
    return Tiny(config.parent, train(config, base / "tiny" / "run"))


@cache
def train_documents(base: Path) -> Tiny:
    """Train a tagger that reads documents, of a few sentences each; once a test session."""
    config = write_tiny(base / "documents")
    for name in ("train", "dev", "test"):
        path = config.parent / f"{name}.conll"
        sentences = path.read_text(encoding="utf-8").split("\n\n")[1:]
        marked = [f"-DOCSTART- -X- O\n\n{text}" if i % 5 == 0 else text for i, text in enumerate(sentences)]
        path.write_text("\n\n".join(marked), encoding="utf-8")
    settings = config.read_text(encoding="utf-8").replace('"off"', '"on"\nstretch = 25')
    config.write_text(settings, encoding="utf-8")
    return Tiny(config.parent, train(config, config.parent / "run"))


def write_unsealed(run: Path, **values) -> None:
    """Change values of a run's `metrics.json`, and remove its seal, so that its other files may be changed too."""
    path = run / "metrics.json"
    metrics = {**json.loads(path.read_text(encoding="utf-8")), **values}
    del metrics["seal"]
    path.write_text(json.dumps(metrics), encoding="utf-8")


def invoke(*args: str | Path, input: str | bytes | None = None) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, [str(arg) for arg in args], input=input)


def succeed(*args: str | Path, input: str | bytes | None = None) -> Result:
    """Run the command line, and see that it went well."""
    result = invoke(*args, input=input)
    assert result.exit_code == 0, result.output
    return result


def error_of(*args: str | Path, input: str | bytes | None = None) -> str:
    """Run the command line, see that it failed as a user's mistake does, and return its last line on stderr."""
    result = invoke(*args, input=input)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), (result.output, result.exception)
    lines = result.stderr.splitlines()
    assert [line.startswith("error: ") for line in lines] == [False] * (len(lines) - 1) + [True], result.stderr
    return lines[-1].removeprefix("error: ")
