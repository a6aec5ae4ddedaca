"""What the rest of a document says about a word: `make documents`.

    casing      whether the word occurs elsewhere in its document in lower case, and whether it occurs elsewhere with a
                capital, other than as the first word of a sentence
    majority    the type of most of the word's other mentions in its document. It comes from a first pass: a tagger tags
                dev, and taggers trained on the other documents tag the training text

Each value is a feature with a table of its own. Tokens are marked with values as if a gazetteer had matched
(`windowner.inputs.gazetteer`): a value is a type, and a token that has it is a name of that type. Of the bundled
corpora only wikigold marks its documents. F1 is on halves of dev (`halves.py`). The epoch and threshold of the first
tagger are chosen on all of dev, which flatters *majority* a little. Prints a Markdown table.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import click
import numpy as np

import windowner
from docs.pages import spread, table
from studies.ablation import interval
from studies.halves import Rule, f1_on_halves, train_member
from studies.trainings import Training, options, side_by_side
from windowner.inputs.gazetteer import MARK, Gazetteer
from windowner.runs.preparation import prepare
from windowner.runs.readers import Readers
from windowner.text.sentence import Corpus, Sentence

CORPUS = "wikigold"
FOLDS = 5  # of the training documents
FEATURES = ("none", "casing", "majority")

Marks = dict[int, list[list[str]]]
"""The values of each of a sentence's tokens, by the identity of the sentence's list of tokens."""


def documents(corpus: Corpus) -> list[list[Sentence]]:
    """Return the sentences of each document."""
    edges = [*corpus.document_starts, len(corpus.sentences)]
    return [corpus.sentences[first:last] for first, last in pairwise(edges)]


def casing_marks(corpus: Corpus) -> Marks:
    """Return whether each word occurs elsewhere in its document in lower case, and with a capital."""
    marks: Marks = {}
    for document in documents(corpus):
        kinds = {id(s.tokens): [_kind(place, token) for place, token in enumerate(s.tokens)] for s in document}
        counts = Counter(
            (token.lower(), kind) for s in document for token, kind in zip(s.tokens, kinds[id(s.tokens)], strict=True)
        )
        for s in document:
            marks[id(s.tokens)] = [
                [kind for kind in ("capital", "lower") if counts[token.lower(), kind] > (kind == own)]
                for token, own in zip(s.tokens, kinds[id(s.tokens)], strict=True)
            ]
    return marks


def _kind(place: int, token: str) -> str:
    if token.islower():
        return "lower"
    return "capital" if place and token[:1].isupper() else "other"


def majority_marks(corpus: Corpus, tags: Sequence[Sequence[str]]) -> Marks:
    """Return the type of most other mentions of each word in its document; O counts as a type."""
    types = {
        id(s.tokens): [tag.partition("-")[2] or "O" for tag in row]
        for s, row in zip(corpus.sentences, tags, strict=True)
    }
    marks: Marks = {}
    for document in documents(corpus):
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for s in document:
            for token, type in zip(s.tokens, types[id(s.tokens)], strict=True):
                counts[token][type] += 1
        for s in document:
            mentions = zip(s.tokens, types[id(s.tokens)], strict=True)
            marks[id(s.tokens)] = [_most(counts[token], type) for token, type in mentions]
    return marks


def _most(counts: Counter[str], own: str) -> list[str]:
    """Return the type that most other mentions have; no type if there are no others."""
    others = {type: count - (type == own) for type, count in counts.items()}
    best = max(others, key=lambda type: (others[type], type))
    return [best] if others[best] else []


def first_pass(training: Training, corpora: dict[str, Corpus]) -> dict[str, list[list[str]]]:
    """Return the tags of dev, and those of each training document by a tagger trained on the other folds."""
    config, train = training.config, corpora["train"]
    with TemporaryDirectory() as folder:
        tagger = windowner.train(config, Path(folder) / "all").tagger
        parts = documents(train)
        tags: dict[int, list[str]] = {}
        for fold in range(FOLDS):
            path = Path(folder) / f"{fold}.conll"
            others = chain.from_iterable(part for i, part in enumerate(parts) if i % FOLDS != fold)
            path.write_text("".join("\n".join(s.rows) + "\n\n" for s in others), encoding="utf-8")
            config_of_fold = replace(config, data=replace(config.data, train=str(path)))
            tagger_of_fold = windowner.train(config_of_fold, Path(folder) / str(fold)).tagger
            for part in parts[fold::FOLDS]:
                found = tagger_of_fold.tag([s.tokens for s in part])
                tags.update((id(s.tokens), row) for s, row in zip(part, found, strict=True))
        return {"train": [tags[id(tokens)] for tokens in train.tokens], "dev": tagger.tag(corpora["dev"].tokens)}


def outcomes(training: Training) -> list[float]:
    """Return F1 with each of `FEATURES`."""
    config = training.config
    corpora = {
        name: windowner.read_corpus(config.path(path))
        for name, path in (("train", config.data.train), ("dev", config.data.dev))
    }
    tags = first_pass(training, corpora)
    casing = [casing_marks(corpus) for corpus in corpora.values()]
    majority = [majority_marks(corpora[name], tags[name]) for name in corpora]
    marks: list[Marks] = [{}, *({**train, **dev} for train, dev in (casing, majority))]
    return [f1_with(training, corpora, each) for each in marks]


def f1_with(training: Training, corpora: dict[str, Corpus], marks: Marks) -> float:
    """Train with tokens that are marked, and return F1 on halves of dev."""
    by_path = {str(training.config.path(corpora[name].path)): corpora[name] for name in corpora}
    readers = Readers(corpus=lambda path, **_: by_path[str(path)])
    values = {value for sentence in marks.values() for token in sentence for value in token}
    with TemporaryDirectory() as folder:
        if values:
            names = Path(folder) / "values.tsv"  # a gazetteer of each value; only its types are read
            names.write_text("".join(f"{value}\t{value}\n" for value in values), encoding="utf-8")
            training = replace(training, overrides=(*training.overrides, f'features.gazetteers=["{names}"]'))
        with patch.object(Gazetteer, "mark", partial(mark, marks)):
            prepared = prepare(training.config, readers=readers)
            return f1_on_halves(prepared, [train_member(prepared, n) for n in prepared.members], [Rule()])[0]


def mark(marks: Marks, tokens: Sequence[str]) -> list[str]:
    """Return the tokens, each that has values followed by `MARK` and the values, as single-token names."""
    return [
        token + MARK + ",".join(f"S-{value}" for value in values) if values else token
        for token, values in zip(tokens, marks[id(tokens)], strict=True)
    ]


@click.command()
@options(seeds=5, corpora=(CORPUS,))
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Train, and print the table."""
    rows = [[name] for name in FEATURES]
    for corpus in corpora:
        cells = [Training(corpus, keys, seed) for seed in range(seeds)]
        found = dict(side_by_side(outcomes, cells, jobs, unit=" seeds"))
        f1 = np.array([found[cell] for cell in cells])
        for number, row in enumerate(rows):
            change = interval(f1[:, number] - f1[:, 0]) if number else ""
            row += [spread(f1[:, number].tolist()), change]
    heads = [head for corpus in corpora for head in (corpus, "change (95 %)")]
    click.echo(table(["feature", *heads], rows))


if __name__ == "__main__":
    main()
