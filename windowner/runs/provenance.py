"""What a model comes from: files, and the versions of what has trained it."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from windowner.config.config import Config
from windowner.errors import DataError
from windowner.files import read_file
from windowner.runs.folds import labelled_files
from windowner.runs.versions import versions
from windowner.text.sentence import Corpus
from windowner.vectors.loading import Vectors


def provenance(
    config: Config, corpora: Mapping[str, Corpus], sources: Sequence[Vectors], start: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the files that a model comes from, with the BLAKE2b digest of each, and `versions`.

    The digest of a file is that of `b2sum -l 256`; see `digest_of_files`.

    `sources` are the vectors that the config names, the first ones first. `start` describes the model that the training
    started from.
    """
    files: dict[str, Any] = {"versions": versions(), "data": describe_data(config, corpora)}
    if start is not None:
        files["data"]["init"] = start
    described = [_vectors(source) for source in sources]
    if config.vectors.source:
        files["vectors"] = described.pop(0)
    if described:
        files["further_vectors"] = described
    return files


def describe_data(config: Config, corpora: Mapping[str, Corpus]) -> dict[str, Any]:
    """Return file, sizes and digest of each text, by its name."""
    describe = _folded if config.data.fold else _corpus
    return {name: describe(config, name, corpus) for name, corpus in corpora.items()}


def _corpus(config: Config, name: str, corpus: Corpus) -> dict[str, Any]:
    return {
        "file": getattr(config.data, name) or config.data.train,  # what is held out comes from train
        "sentences": len(corpus.sentences),
        "tokens": corpus.token_count,
        "blake2b": corpus.digest or _digest_of_read([Path(corpus.path)]),
    }


def _folded(config: Config, name: str, corpus: Corpus) -> dict[str, Any]:
    """Return the same of a split of cross-validation, which comes from train and dev together."""
    files = labelled_files(config)
    digest = _digest_of_read(list(map(config.path, files)))
    return {**_corpus(config, "train", corpus), "file": " + ".join(files), "blake2b": digest}


def _digest_of_read(paths: Sequence[Path]) -> str:
    """Return the digest of files that were read just now, and that somebody may have removed."""
    try:
        return digest_of_files(paths)
    except OSError as error:
        raise DataError(f"{error.filename}: cannot be read again: {error.strerror}; start the command again") from None


def digest_of_files(paths: Sequence[Path]) -> str:
    """Return the BLAKE2b digest of one file, or one digest of several files and of all files of folders.

    The latter depends on the names of files below their folders, and on where each file ends.
    """
    if len(paths) == 1 and not paths[0].is_dir():
        return _digest(paths[0])
    lines = [f"{_digest(each)}  {each.relative_to(path).as_posix()}\n" for path in paths for each in _files(path)]
    return blake2b("".join(lines).encode("utf-8", "surrogateescape"), digest_size=32).hexdigest()


def _files(path: Path) -> list[Path]:
    """Return the files of a folder in the order of their names, or the file itself."""
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _digest(path: Path) -> str:
    return blake2b(read_file(path), digest_size=32).hexdigest()


def _vectors(source: Vectors) -> dict[str, Any]:
    return {"source": source.source, "words": len(source), "size": source.vector_size, "blake2b": source.digest}
