"""The record of a folder of tagged files, `shards.json`: how they are made, and which files of the folder they are.

A file is listed before anything is tagged, and only if it is not there yet. So a listed file that is there is a tagged
one, and what else has the name of a tagged file belongs to somebody else.

A folder of a store has no lock. So the record is created there by one command alone, and commands with other options
find it. Commands with the same options write the same bytes under the same names. If two of them list new files at the
same moment, the list of one may be lost. A later command then refuses those files, and does not take them for its own.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from windowner.errors import DataError
from windowner.files import read_file, write_new, write_whole
from windowner.formats.record_writing import SPANS
from windowner.formats.table import BRAT
from windowner.schemas import decode_json, encode_json, fitted
from windowner.stores.address import AnyPath
from windowner.stores.paths import existing, exists, relative_to
from windowner.tagger.parts import model_path
from windowner.tagging.finding import FileShard
from windowner.tagging.task import TagTask

RECORD = "shards.json"
FILES = "files"
"""The key of the list. Records of earlier revisions have none. All files of their folders count as tagged."""


def made_with(task: TagTask, shards: Sequence[FileShard]) -> dict[str, Any]:
    """Return what decides the content of the tagged files."""
    return {
        "model": _digest(model_path(task.model)),
        "scheme": task.scheme,
        "scores": task.scores,
        "tag_probabilities": task.tag_probabilities or None,
        "text_column": task.text_column or None,
        "new_column": task.new_column or None,
        "rules": _digest(Path(task.rules)) if task.rules else None,
        "token_column": task.token_column or 0,
        "min_probability": task.min_probability,
        "encoding": task.encoding or None,
        "output": next((shard.output_format for shard in shards if shard.output_format in (SPANS, BRAT)), None),
        "input": next((shard.input_format for shard in shards if shard.is_unusual), None),
    }


def _digest(path: AnyPath) -> str:
    return hashlib.sha256(read_file(path)).hexdigest()


def claim(out: AnyPath, made: dict[str, Any], shards: Sequence[FileShard]) -> None:
    """Write the folder's record, or compare it with the one that is there and list the new files.

    Raises
    ------
    DataError
        The files there were made otherwise, or one of them was not made by windowner, or is a link.
    """
    _refuse_links(out, shards)
    before = _read(out)
    for key, value in made.items():
        if before is not None and before.get(key) != value:
            raise DataError(
                f"{out / RECORD}: the shards there were made with {key} {before.get(key)}, expected {value}; "
                "choose another folder, or remove this one"
            )
    own = _own(out, before, shards)
    there = existing(out, [shard.target for shard in shards])
    for shard in shards:
        if shard.target in there:
            _check_own(out, shard, own)
    files = sorted(own.union(_name(out, shard) for shard in shards))
    content = encode_json({**made, FILES: files})
    if before is None and not write_new(out / RECORD, content):
        return claim(out, made, shards)  # another command has created it meanwhile
    if before is not None and before.get(FILES) != files:
        write_whole(out / RECORD, content)


def _check_own(out: AnyPath, shard: FileShard, own: set[str]) -> None:
    """Refuse a file or a folder under the name of a tagged one that was not made by windowner."""
    if _name(out, shard) not in own:
        raise DataError(
            f"{shard.target}: is there already, and {out / RECORD} does not list it as a tagged file; "
            "choose another folder, or remove the file"
        )
    is_folder = shard.output_format == BRAT
    if isinstance(shard.target, Path) and not (shard.target.is_dir() if is_folder else shard.target.is_file()):
        expected = "a folder of brat" if is_folder else "a tagged file"
        raise DataError(f"{shard.target}: is there already, and is not {expected}; choose another folder, or remove it")


def _refuse_links(out: AnyPath, shards: Sequence[FileShard]) -> None:
    """Refuse links in the folder at the places that are written: what they point to belongs to somebody else."""
    if not isinstance(out, Path):
        return  # object stores have no links
    places = {out / RECORD}
    for target in (shard.target for shard in shards if isinstance(shard.target, Path)):
        places.add(target)
        places.update(parent for parent in target.parents if out in parent.parents)
    links = [place for place in places if place.is_symlink()]
    if links:
        raise DataError(f"{min(links)}: a link, which would be written through; choose another folder, or remove it")


def missing_shards(out: AnyPath, shards: Iterable[FileShard]) -> list[FileShard]:
    """Return the shards that are not tagged yet."""
    shards = list(shards)
    own = _own(out, _read(out), shards)
    done = existing(out, [shard.target for shard in shards if _name(out, shard) in own])
    return [shard for shard in shards if shard.target not in done]


def _own(out: AnyPath, record: dict[str, Any] | None, shards: Sequence[FileShard]) -> set[str]:
    """Return the names of the files that belong to the folder."""
    if record is None:
        return set()
    return set(record.get(FILES, (_name(out, shard) for shard in shards)))


def _read(out: AnyPath) -> dict[str, Any] | None:
    """Return what the record holds. None where there is none."""
    path = out / RECORD
    if not exists(path):
        return None
    remedy = "expected the record of a folder of shards; choose another folder, or remove this one"
    record = decode_json(read_file(path), dict[str, Any], str(path), remedy)
    fitted(record.get(FILES, []), list[str], str(path), remedy)
    return record


def _name(out: AnyPath, shard: FileShard) -> str:
    return relative_to(shard.target, out).as_posix()
