"""Many files through a tagger into a folder. Each file is a shard, which one worker tags.

Files are written whole. A file that stands in the folder under its own name is therefore finished, and a restart tags
those that are missing. `shards.json` records the model and the options, and a folder never mixes them.
"""

import gzip
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from windowner.engines.engine import Engine
from windowner.engines.tasks import Failure
from windowner.errors import DataError
from windowner.files import UNFINISHED, write_whole, written_whole
from windowner.formats.distinct import Memory
from windowner.formats.opening import open_input
from windowner.formats.table import BRAT, FORMATS
from windowner.formats.writing import write_documents
from windowner.tagger.parts import MODEL_NAME
from windowner.tagger.tagger import Tagger
from windowner.tagging.finding import FileShard
from windowner.tagging.one_process import find_documents, tag_text
from windowner.tagging.task import SharedTagger, TagTask, settle_formats
from windowner.tagging.texts import SPANS
from windowner.text.document import Document

RECORD = "shards.json"
ABANDONED = 3600
"""Seconds after which an unfinished file that nobody has written to is a leftover."""

_UNFINISHED_NAME = re.compile(r"\.(.+)\.[^.]+" + re.escape(UNFINISHED))


def tag_files(
    engine: Engine, task: TagTask, shards: Sequence[FileShard], out: Path
) -> Iterator[tuple[FileShard, int | Failure]]:
    """Tag the shards that are missing; yield each one when it is done, with its number of tokens or its failure.

    Parameters
    ----------
    engine
        Does the work. Its workers must see model, sources and targets under the same paths.
    task
        Model and options; names and formats are those of the shards.
    shards
        From `find_shards`.
    out
        Folder for the record of the model and the options.

    Raises
    ------
    DataError
        The folder's shards were made with another model or other options.
    ModelError
        The model cannot be loaded.
    """
    shared = SharedTagger(task)
    shared.load()  # a bad model is reported once, and before anything starts
    _check_record(out / RECORD, _made_with(task, shards))
    _remove_leftovers(out / RECORD, shards)
    missing = [shard for shard in shards if not shard.is_done]
    with closing(engine.map_items(_file_tagger, missing, shared)) as results:
        for index, result in results:
            yield missing[index], result


def _file_tagger(shared: SharedTagger) -> Callable[[FileShard], int]:
    """Return what a worker does with each shard."""
    return partial(_tag_file, shared.load(), shared.task, Memory())


def _tag_file(tagger: Tagger, task: TagTask, memory: Memory, shard: FileShard) -> int:
    """Tag a file; return its number of tokens."""
    task = replace(task, name=str(shard.source), input_format=shard.input_format, output_format=shard.output_format)
    if shard.output_format == BRAT:
        return _tag_into_folder(tagger, task, shard)
    shard.target.parent.mkdir(parents=True, exist_ok=True)
    total = 0
    with (
        open_input(shard.source, task.encoding, keep_line_ends=task.keeps_line_ends) as source,
        written_whole(shard.target) as unfinished,
        _open_output(unfinished, compressed=shard.target.suffix == ".gz") as output,
    ):
        task, stream = settle_formats(task, source, tagger.model.config.data.token_column)
        for text, tokens in tag_text(tagger, task, stream, memory=memory):
            output.write(text)
            total += tokens
    return total


def _tag_into_folder(tagger: Tagger, task: TagTask, shard: FileShard) -> int:
    """Tag a file, and write two files of brat for each of its texts; return the number of tokens."""
    total = 0

    def documents(stream: BinaryIO, task: TagTask) -> Iterator[Document]:
        nonlocal total
        for found, tokens in find_documents(tagger, task, stream):
            total += tokens
            yield from found

    with open_input(shard.source, task.encoding, keep_line_ends=task.keeps_line_ends) as source:
        task, stream = settle_formats(task, source, tagger.model.config.data.token_column)
        write_documents(shard.target, FORMATS[BRAT], documents(stream, task))
    return total


@contextmanager
def _open_output(path: Path, *, compressed: bool) -> Iterator[BinaryIO]:
    """Open for writing; compress quickly, and without name and time, so that the same text gives the same bytes."""
    with path.open("wb") as file:
        if not compressed:
            yield file
            return
        with gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as packed:
            yield cast(BinaryIO, packed)


def _made_with(task: TagTask, shards: Sequence[FileShard]) -> dict[str, Any]:
    """Return what decides the content of the tagged files."""
    path = Path(task.model)
    with (path / MODEL_NAME if path.is_dir() else path).open("rb") as model:
        digest = hashlib.file_digest(model, "sha256").hexdigest()
    return {
        "model": digest,
        "scheme": task.scheme,
        "scores": task.scores,
        "token_column": task.token_column or 0,
        "min_probability": task.min_probability,
        "encoding": task.encoding or None,
        "output": next((shard.output_format for shard in shards if shard.output_format in (SPANS, BRAT)), None),
        "input": next((shard.input_format for shard in shards if shard.is_unusual), None),
    }


def _check_record(record: Path, made: dict[str, Any]) -> None:
    """Write the folder's record, or compare it with the one that is there."""
    record.parent.mkdir(parents=True, exist_ok=True)
    if not record.exists():
        write_whole(record, msgspec.json.format(msgspec.json.encode(made)))
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


def _remove_leftovers(record: Path, shards: Sequence[FileShard]) -> None:
    """Remove the unfinished files that killed workers left of these shards.

    A live worker of another machine may be writing one. It writes every few seconds, so a leftover is a file that was
    not written to for an hour. The hour is read from the clock of the file system, by a touch of the record, because
    the clocks of the machines may differ.
    """
    record.touch()
    now = record.stat().st_mtime
    targets = {shard.target for shard in shards}
    for folder in {target.parent for target in targets}:
        for path in folder.glob(f".*{UNFINISHED}"):
            name = _UNFINISHED_NAME.fullmatch(path.name)
            if name is None or path.with_name(name[1]) not in targets:
                continue
            with suppress(FileNotFoundError):  # finished or removed meanwhile
                if now - path.stat().st_mtime > ABANDONED:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
