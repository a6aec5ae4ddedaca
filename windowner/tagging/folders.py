"""Many files through a tagger into a folder: each file is a shard, tagged by one worker and final once it is there.

A shard is written under an unfinished name and renamed, so that whatever is there under its own name is whole, and a
restart does what is missing. `shards.json` says what made them: a folder never mixes models or options.
"""

import glob
import gzip
import hashlib
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from windowner.engines.engine import Engine, Failure
from windowner.errors import DataError
from windowner.formats.lines import open_input
from windowner.formats.table import FORMATS, SUFFIXES, suffix_of
from windowner.tagger.tagger import MODEL_NAME, Tagger
from windowner.tagging.streams import TagTask, tag_text

RECORD = "shards.json"


@dataclass(frozen=True)
class FileShard:
    """A file to be tagged, what it holds, where the tagged text goes, and in which format."""

    source: Path
    input_format: str
    target: Path
    output_format: str

    @property
    def is_done(self) -> bool:
        """Whether the tagged text is there, whole."""
        return self.target.exists()


def find_shards(
    pattern: str, out: Path, input_format: str | None = None, output_format: str | None = None
) -> list[FileShard]:
    """Find the files to be tagged, largest first, so that none of them is begun when all others are done.

    Parameters
    ----------
    pattern
        A folder, of which all files are taken that are called `.txt`, `.jsonl` or `.conll`, and these with `.gz`; or a
        glob.
    out
        Folder of the tagged files. `a.txt.gz` becomes `a.txt.conll.gz`.
    input_format
        What the files hold; by default what their names say: tokens, JSON Lines or columns.
    output_format
        `columns` or `jsonl`; by default JSON Lines for JSON Lines, and columns else.

    Raises
    ------
    DataError
        There are no such files, or two of them would be written to one place.
    """
    root, paths = _find(pattern, out)
    targets: dict[Path, Path] = {}
    shards = []
    for path in sorted(paths):
        form = input_format or SUFFIXES.get(suffix_of(path))
        if form is None:
            continue
        written = output_format or ("jsonl" if form == "jsonl" else "columns")
        target = out / _target_name(path.relative_to(root), FORMATS[written].suffixes[0])
        if target.resolve() == path.resolve():
            raise DataError(f"{path}: would be written onto itself, expected another folder")
        if other := targets.get(target):
            raise DataError(f"{path}: would be written to {target}, as {other} is; expected different names")
        targets[target] = path
        shards.append(FileShard(path, form, target, written))
    if not shards:
        raise DataError(f"{pattern}: no files to tag, expected {', '.join(SUFFIXES)}, also with .gz")
    return sorted(shards, key=lambda shard: -shard.source.stat().st_size)


def tag_files(
    engine: Engine, task: TagTask, shards: Sequence[FileShard], out: Path
) -> Iterator[tuple[FileShard, int | Failure]]:
    """Tag the shards that are missing; yield each one as it is done, with its number of tokens, or how it failed.

    Parameters
    ----------
    engine
        Its workers load the model once each; model, sources and targets are paths that all of them see.
    task
        Model and options; names and formats are those of the shards.
    shards
        From `find_shards`.
    out
        Folder for the record of what the shards were made with.

    Raises
    ------
    DataError
        The folder's shards were made with another model or other options.
    ModelError
        The model cannot be loaded.
    """
    Tagger.load(task.model)  # so that a bad model is told once, and before anything starts
    _check_record(out, task, shards)
    missing = [shard for shard in shards if not shard.is_done]
    with closing(
        cast(Generator[tuple[int, int | Failure], None, None], engine.map_shards(_load, missing, task))
    ) as results:
        for index, result in results:
            yield missing[index], result


def _load(task: TagTask) -> Callable[[FileShard], int]:
    """Load the model: a worker's first step."""
    return partial(_tag_file, Tagger.load(task.model, task.cache_mb), task)


def _tag_file(tagger: Tagger, task: TagTask, shard: FileShard) -> int:
    """Tag a file; return its number of tokens."""
    task = replace(task, name=str(shard.source), input_format=shard.input_format, output_format=shard.output_format)
    shard.target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = shard.target.with_name(f".{shard.target.name}.unfinished")
    total = 0
    try:
        with open_input(shard.source) as source, _open_output(unfinished) as output:
            for text, tokens in tag_text(tagger, task, source):
                output.write(text.encode())
                total += tokens
        os.replace(unfinished, shard.target)
    finally:
        unfinished.unlink(missing_ok=True)
    return total


def _open_output(path: Path) -> BinaryIO:
    """Open for writing; compressed, quickly and with the same bytes each time, if the finished file is to be `.gz`."""
    if path.with_suffix("").suffix != ".gz":
        return path.open("wb")
    return cast(BinaryIO, gzip.GzipFile(path, "wb", compresslevel=1, mtime=0))


def _check_record(out: Path, task: TagTask, shards: Sequence[FileShard]) -> None:
    """Record what the shards are made with, or see that it is what the folder's record says."""
    path = Path(task.model)
    with (path / MODEL_NAME if path.is_dir() else path).open("rb") as model:
        digest = hashlib.file_digest(model, "sha256").hexdigest()
    read_as = next(
        (shard.input_format for shard in shards if SUFFIXES.get(suffix_of(shard.source)) != shard.input_format), None
    )
    made = {
        "model": digest,
        "scheme": task.scheme,
        "scores": task.scores,
        "token_column": task.token_column,
        "input": read_as,
    }
    out.mkdir(parents=True, exist_ok=True)
    record = out / RECORD
    if not record.exists():
        record.write_bytes(msgspec.json.format(msgspec.json.encode(made)))
        return
    try:
        before = msgspec.json.decode(record.read_bytes(), type=dict)
    except msgspec.DecodeError as error:
        raise DataError(f"{record}: {error}; expected the record of a folder of shards") from None
    for key, value in made.items():
        if before.get(key) != value:
            raise DataError(
                f"{record}: the shards there were made with {key} {before.get(key)}, expected {value}; "
                "choose another folder, or remove this one"
            )


def _find(pattern: str, out: Path) -> tuple[Path, list[Path]]:
    """Return the folder that targets are relative to, and the files, without those that were tagged into `out`."""
    folder = Path(pattern)
    if folder.is_dir():
        paths = [path for path in folder.rglob("*") if path.is_file() and suffix_of(path) in SUFFIXES]
        inside = folder.resolve() in out.resolve().parents
        return folder, [path for path in paths if not inside or out.resolve() not in path.resolve().parents]
    found = [pattern] if folder.is_file() else glob.glob(pattern, recursive=True)
    paths = [path for path in map(Path, found) if path.is_file()]
    parents = {str(path.parent) for path in paths}
    return Path(os.path.commonpath(parents) if parents else "."), paths


def _target_name(path: Path, ending: str) -> Path:
    plain = path.name.removesuffix(".gz")
    compressed = ".gz" if plain != path.name else ""
    return path.with_name(f"{plain.removesuffix(ending)}{ending}{compressed}")
