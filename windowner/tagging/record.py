"""The record of a folder of tagged files, `shards.json`: how they are made, and which files of the folder they are.

A file is listed before anything is tagged, and only if it is not there yet. So a listed file that is there is a tagged
one, and what else has the name of a tagged file belongs to somebody else.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from windowner.errors import DataError
from windowner.files import write_whole
from windowner.formats.record_writing import SPANS
from windowner.formats.table import BRAT
from windowner.schemas import decode_json, fitted
from windowner.tagger.parts import MODEL_NAME
from windowner.tagging.finding import FileShard
from windowner.tagging.task import TagTask

RECORD = "shards.json"
FILES = "files"
"""The key of the list. Records of earlier revisions have none. All files of their folders count as tagged."""


def made_with(task: TagTask, shards: Sequence[FileShard]) -> dict[str, Any]:
    """Return what decides the content of the tagged files."""
    path = Path(task.model)
    return {
        "model": _digest(path / MODEL_NAME if path.is_dir() else path),
        "scheme": task.scheme,
        "scores": task.scores,
        "tag_probabilities": task.tag_probabilities or None,
        "rules": _digest(Path(task.rules)) if task.rules else None,
        "token_column": task.token_column or 0,
        "min_probability": task.min_probability,
        "encoding": task.encoding or None,
        "output": next((shard.output_format for shard in shards if shard.output_format in (SPANS, BRAT)), None),
        "input": next((shard.input_format for shard in shards if shard.is_unusual), None),
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def claim(out: Path, made: dict[str, Any], shards: Sequence[FileShard]) -> None:
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
    for shard in shards:
        if shard.is_done and _name(out, shard) not in own:
            raise DataError(
                f"{shard.target}: is there already, and {out / RECORD} does not list it as a tagged file; "
                "choose another folder, or remove the file"
            )
    files = sorted(own.union(_name(out, shard) for shard in shards))
    if before is None or before.get(FILES) != files:
        write_whole(out / RECORD, msgspec.json.format(msgspec.json.encode({**made, FILES: files})))


def _refuse_links(out: Path, shards: Sequence[FileShard]) -> None:
    """Refuse links in the folder at the places that are written: what they point to belongs to somebody else."""
    places = {out / RECORD}
    for shard in shards:
        places.add(shard.target)
        places.update(parent for parent in shard.target.parents if out in parent.parents)
    links = [place for place in places if place.is_symlink()]
    if links:
        raise DataError(f"{min(links)}: a link, which would be written through; choose another folder, or remove it")


def missing_shards(out: Path, shards: Iterable[FileShard]) -> list[FileShard]:
    """Return the shards that are not tagged yet."""
    shards = list(shards)
    own = _own(out, _read(out), shards)
    return [shard for shard in shards if not shard.is_done or _name(out, shard) not in own]


def _own(out: Path, record: dict[str, Any] | None, shards: Sequence[FileShard]) -> set[str]:
    """Return the names of the files that belong to the folder."""
    if record is None:
        return set()
    return set(record.get(FILES, (_name(out, shard) for shard in shards)))


def _read(out: Path) -> dict[str, Any] | None:
    """Return what the record holds. None where there is none."""
    path = out / RECORD
    if not path.exists():
        return None
    remedy = "expected the record of a folder of shards; choose another folder, or remove this one"
    record = decode_json(path.read_bytes(), dict[str, Any], path, remedy)
    fitted(record.get(FILES, []), list[str], path, remedy)
    return record


def _name(out: Path, shard: FileShard) -> str:
    return shard.target.relative_to(out).as_posix()
