"""Many files through a tagger into a folder. Each file is a shard, which one worker tags.

Files are written whole. A file that stands in the folder under its own name is therefore finished, and a restart tags
those that are missing. One command writes into a folder at a time. `tagging/record.py` knows which files are its own,
and says what holds where the folder is one of a store, which has no locks.
"""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from windowner.engines.engine import Engine
from windowner.engines.tasks import Failure
from windowner.errors import DataError, read_from
from windowner.files import UNFINISHED, written_whole
from windowner.formats.distinct import Memory
from windowner.formats.opening import open_input
from windowner.formats.packing import QUICK, open_output
from windowner.formats.table import BRAT, COMPRESSED, FORMATS
from windowner.formats.writing import write_documents
from windowner.locks import locked
from windowner.stores.address import Address, AnyPath
from windowner.tagger.tagger import Tagger
from windowner.tagging.document_writers import framed
from windowner.tagging.finding import FileShard
from windowner.tagging.one_process import find_documents, tag_text
from windowner.tagging.record import RECORD, claim, made_with, missing_shards
from windowner.tagging.task import SharedTagger, TagTask, settle_formats
from windowner.text.document import Document

LOCK = ".lock"
"""Locked while a command writes into the folder."""

ABANDONED = 3600
"""Seconds after which an unfinished file that nobody has written to is a leftover."""

_UNFINISHED_NAME = re.compile(r"\.(.+)\.[^.]+" + re.escape(UNFINISHED))


def tag_files(
    engine: Engine, task: TagTask, shards: Sequence[FileShard], out: AnyPath
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
        The folder's shards were made with another model or other options, a file of somebody else has the name of a
        tagged one, another command writes into the folder, or the folder was removed.
    ModelError
        The model cannot be loaded.
    """
    if isinstance(out, Address) and out.protocol == "memory":
        raise DataError(f"{out}: the memory of one process, expected a store that all workers reach")
    shared = SharedTagger(task)
    shared.load()  # a bad model is reported once, and before anything starts
    out.mkdir(parents=True, exist_ok=True)
    with locked(out / LOCK) as lock:
        if lock is None:
            raise DataError(f"{out}: another process is tagging into it; wait for it, or choose another folder")
        claim(out, made_with(task, shards), shards)
        if not isinstance(out, Address):
            _remove_leftovers(out / RECORD, shards)
        missing = missing_shards(out, shards)
        for folder in {shard.target.parent for shard in missing}:
            folder.mkdir(parents=True, exist_ok=True)  # here, and not by workers: they would make a removed folder anew
        with closing(engine.map_items(_file_tagger, missing, shared)) as results:
            for index, result in results:
                if not lock.is_there:
                    raise DataError(f"{out / LOCK}: was removed while files were tagged; start the command again")
                yield missing[index], result


def _file_tagger(shared: SharedTagger) -> Callable[[FileShard], int]:
    """Return what a worker does with each shard."""
    return partial(tag_shard, shared.load(), shared.task, Memory())


def tag_shard(tagger: Tagger, task: TagTask, memory: Memory, shard: FileShard) -> int:
    """Tag a file, and return its number of tokens. `memory` holds the distinct rows of earlier files."""
    try:
        return _tag_whole(tagger, task, memory, shard)
    except OSError as error:  # such as a full disk
        raise DataError(f"{shard.target}: cannot be written: {error.strerror or error}") from None


def _tag_whole(tagger: Tagger, task: TagTask, memory: Memory, shard: FileShard) -> int:
    """Tag a file whole."""
    task = replace(task, name=str(shard.source), input_format=shard.input_format, output_format=shard.output_format)
    if shard.output_format == BRAT:
        return _tag_into_folder(tagger, task, shard)
    total = 0
    with (
        open_input(shard.source, task.encoding, keep_line_ends=task.keeps_line_ends) as source,
        written_whole(shard.target) as unfinished,
        open_output(unfinished, QUICK if shard.target.suffix == COMPRESSED else None) as output,
    ):
        task, stream = settle_formats(task, source, tagger.model.config.data.token_column)
        for text, tokens in framed(tag_text(tagger, task, stream, memory=memory), tagger, task):
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

    if not shard.target.parent.exists():  # it would be made anew
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(shard.target.parent))
    with open_input(shard.source, task.encoding, keep_line_ends=task.keeps_line_ends) as source:
        task, stream = settle_formats(task, source, tagger.model.config.data.token_column)
        with read_from(task.name):
            write_documents(shard.target, FORMATS[BRAT], documents(stream, task))
    return total


def _remove_leftovers(record: Path, shards: Sequence[FileShard]) -> None:
    """Remove the unfinished files that killed workers left of these shards.

    A live worker of another machine may be writing one. It writes every few seconds, so a leftover is a file that was
    not written to for an hour. The hour is read from the clock of the file system, by a touch of the record, because
    the clocks of the machines may differ.
    """
    record.touch()
    now = record.stat().st_mtime
    targets = {shard.target for shard in shards if not isinstance(shard.target, Address)}
    for folder in {target.parent for target in targets}:
        for path in folder.glob(f".*{UNFINISHED}"):
            name = _UNFINISHED_NAME.fullmatch(path.name)
            if name is None or path.with_name(name[1]) not in targets:
                continue
            with suppress(FileNotFoundError):  # finished or removed meanwhile
                if abs(now - path.stat().st_mtime) > ABANDONED:  # the clock may have been set back
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
