"""What the rest of a document tells of a word. `make documents`.

    casing          whether the word stands elsewhere in its document in lower case, and whether with a capital behind
                    a sentence's first word
    majority        the type of most of the word's other mentions in its document, in a second pass: dev's are tagged
                    by a first tagger, those of the training text by taggers that were trained on the other documents

Each is a feature, with a table of its own, whose value is marked on the tokens as the casing of a sentence would be
(`windowner.inputs.context`). Of the bundled corpora only wikigold marks its documents. F1 is on halves of dev
(`halves.py`); the first tagger's epoch and threshold are chosen on all of dev, which flatters *majority* a little.
Prints a Markdown table.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is imported

from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import click
import numpy as np
from tqdm import tqdm

import windowner
from studies.ablation import interval, spread
from studies.halves import Rule, f1_on_halves, train_member
from studies.trainings import Training
from windowner.inputs.context import CASING_MARK
from windowner.runs.preparation import prepare
from windowner.runs.sources import Readers
from windowner.text.sentence import Corpus, Sentence

CORPUS = "wikigold"
FOLDS = 5  # of the training documents
MARKED = "features.sentence_casing=5"  # dimensions of the feature whose values are replaced
FEATURES = ("none", "casing", "majority")

Marks = dict[int, list[str]]  # the values of a sentence's tokens, by the identity of its list of tokens


def documents(corpus: Corpus) -> list[list[Sentence]]:
    """Return the sentences of each document."""
    edges = [*corpus.document_starts, len(corpus.sentences)]
    return [corpus.sentences[first:last] for first, last in pairwise(edges)]


def casing_marks(corpus: Corpus) -> Marks:
    """Return whether each word stands elsewhere in its document in lower case, and with a capital that tells."""
    marks: Marks = {}
    for document in documents(corpus):
        kinds = [(s, [_kind(place, token) for place, token in enumerate(s.tokens)]) for s in document]
        counts = Counter((token.lower(), kind) for s, of in kinds for token, kind in zip(s.tokens, of, strict=True))
        for s, of_sentence in kinds:
            marks[id(s.tokens)] = [
                "".join(kind for kind in ("lower", "capital") if counts[token.lower(), kind] > (kind == own))
                for token, own in zip(s.tokens, of_sentence, strict=True)
            ]
    return marks


def _kind(place: int, token: str) -> str:
    if token.islower():
        return "lower"
    return "capital" if place and token[:1].isupper() else "other"


def majority_marks(corpus: Corpus, tags: Sequence[Sequence[str]]) -> Marks:
    """Return the type that most other mentions of each word in its document have by some tags, O being one."""
    of_sentence = {
        id(s.tokens): [tag.partition("-")[2] or "O" for tag in of] for s, of in zip(corpus.sentences, tags, strict=True)
    }
    marks: Marks = {}
    for document in documents(corpus):
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for s in document:
            for token, kind in zip(s.tokens, of_sentence[id(s.tokens)], strict=True):
                counts[token][kind] += 1
        for s in document:
            marks[id(s.tokens)] = [
                _most(counts[token], kind) for token, kind in zip(s.tokens, of_sentence[id(s.tokens)], strict=True)
            ]
    return marks


def _most(counts: Counter[str], own: str) -> str:
    others = {kind: count - (kind == own) for kind, count in counts.items()}
    best = max(others, key=lambda kind: (others[kind], kind))
    return best if others[best] else "none"


def first_pass(training: Training, corpora: dict[str, Corpus]) -> dict[str, list[list[str]]]:
    """Return tags of dev by a tagger of all training text, and of the training text by those of the other folds."""
    config, train = training.config, corpora["train"]
    with TemporaryDirectory() as folder:
        tagger = windowner.train(config, Path(folder) / "all").tagger
        parts = documents(train)
        tags: dict[int, list[str]] = {}
        for fold in range(FOLDS):
            path = Path(folder) / f"{fold}.conll"
            others = chain.from_iterable(part for i, part in enumerate(parts) if i % FOLDS != fold)
            path.write_text("".join("\n".join(s.rows) + "\n\n" for s in others), encoding="utf-8")
            of_fold = windowner.train(
                replace(config, data=replace(config.data, train=str(path))), Path(folder) / str(fold)
            ).tagger
            for part in parts[fold::FOLDS]:
                found = of_fold.tag([s.tokens for s in part])
                tags.update((id(s.tokens), of) for s, of in zip(part, found, strict=True))
        return {"train": [tags[id(tokens)] for tokens in train.tokens], "dev": tagger.tag(corpora["dev"].tokens)}


def outcomes(training: Training) -> list[float]:
    """Return F1 with each of `FEATURES`."""
    config = training.config
    corpora = {
        name: windowner.read_corpus(config.path(path))
        for name, path in (("train", config.data.train), ("dev", config.data.dev))
    }
    tags = first_pass(training, corpora)
    of_feature: list[Marks | None] = [
        None,
        {**casing_marks(corpora["train"]), **casing_marks(corpora["dev"])},
        {**majority_marks(corpora["train"], tags["train"]), **majority_marks(corpora["dev"], tags["dev"])},
    ]
    return [f1_with(training, corpora, marks) for marks in of_feature]


def f1_with(training: Training, corpora: dict[str, Corpus], marks: Marks | None) -> float:
    """Train with a feature, and return F1 on halves of dev."""
    by_path = {str(training.config.path(corpora[name].path)): corpora[name] for name in corpora}
    readers = Readers(corpus=lambda path, **_: by_path[str(path)])
    with ExitStack() as patches:
        if marks is not None:
            training = replace(training, overrides=(*training.overrides, MARKED))
            values = sorted(set(chain.from_iterable(marks.values())))
            patches.enter_context(patch("windowner.runs.preparation.CASINGS", values))
            patches.enter_context(patch("windowner.inputs.context.Context.mark", partial(mark, marks)))
        prepared = prepare(training.config, readers=readers)
        return f1_on_halves(prepared, [train_member(prepared, n) for n in prepared.members], [Rule()])[0]


def mark(marks: Marks, tokens: Sequence[str]) -> list[str]:
    """Return the tokens with their values behind them."""
    return [token + CASING_MARK + value for token, value in zip(tokens, marks[id(tokens)], strict=True)]


@click.command()
@click.option("--seeds", default=5, show_default=True, help="Trainings with each feature, and first passes.")
@click.option("--jobs", default=2, show_default=True, help="Trainings at a time.")
def main(seeds: int, jobs: int) -> None:
    """Train, and print the table."""
    cells = [Training(CORPUS, (), seed) for seed in range(seeds)]
    with ProcessPoolExecutor(jobs) as pool:
        f1 = np.array(list(tqdm(pool.map(outcomes, cells), total=seeds, unit=" seeds", disable=None)))
    click.echo(f"| feature | {CORPUS} | change (95 %) |")
    click.echo("| --- | ---: | ---: |")
    for number, name in enumerate(FEATURES):
        change = interval(f1[:, number] - f1[:, 0]) if number else ""
        click.echo(f"| {name} | {spread(f1[:, number].tolist())} | {change} |")


if __name__ == "__main__":
    main()
