"""The files that are to be tagged: what each one holds, and where its tagged text goes."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, cast

from windowner.errors import DataError
from windowner.formats.table import BRAT, COMPRESSED, FORMATS, PARQUET, SUFFIXES, suffix_of
from windowner.links import resolved
from windowner.stores.address import Address, AnyPath, name_of, path_of
from windowner.stores.paths import are_same, files_of, is_folder, relative_to
from windowner.tagging.texts import HTML


@dataclass(frozen=True)
class FileShard:
    """A file to be tagged, its format, the file for the tagged text, and the format of that.

    Where a format is "", the name and the content of the file say it when the file is tagged.
    """

    source: AnyPath
    input_format: str
    target: AnyPath
    output_format: str

    @property
    def is_unusual(self) -> bool:
        """Whether the file is read in another format than its name says."""
        return self.input_format not in ("", SUFFIXES.get(suffix_of(self.source)))


def find_shards(
    pattern: str | AnyPath, out: AnyPath, input_format: str | None = None, output_format: str | None = None
) -> list[FileShard]:
    """Find the files to be tagged, largest first, so that no large one is begun when all others are done.

    Parameters
    ----------
    pattern
        A folder, from which all files with a suffix of `SUFFIXES` are taken, also with `.gz`; or a glob. Either one may
        be an address.
    out
        Folder of the tagged files. `a.txt.gz` becomes `a.txt.conll.gz`; for HTML, `a.txt.gz.html`, which browsers
        open; for brat, the folder `a.txt.gz.brat`.
    input_format
        Format of the files. By default their names and content say it.
    output_format
        `columns`, `jsonl`, `spans`, `html`, `parquet` or `brat`. By default JSON Lines for JSON Lines, Parquet for
        Parquet, and columns for all others.

    Raises
    ------
    DataError
        There are no such files, or two of them would be written to one place.
    StoreError
        A store does not list them.
    """
    if output_format == BRAT and isinstance(out, Address):
        raise DataError(f"{out}: brat is a folder of files for each file, expected a folder of this machine")
    root, sizes = _find(pattern, out)
    targets: dict[AnyPath, AnyPath] = {}
    shards = []
    for path in sorted(sizes, key=str):
        by_name = SUFFIXES.get(suffix_of(path))
        if input_format is None and by_name is None:
            continue
        target: AnyPath = out / _target_name(relative_to(path, root), input_format or by_name, output_format)
        if are_same(target, path):
            raise DataError(f"{path}: would be written onto itself, expected another folder")
        if other := targets.get(target):
            raise DataError(f"{path}: would be written to {target}, as {other} is; expected different names")
        targets[target] = path
        shards.append(FileShard(path, input_format or "", target, output_format or ""))
    if not shards:
        raise DataError(f"{name_of(pattern)}: no files to tag, expected {', '.join(SUFFIXES)}, also with .gz")
    return sorted(shards, key=lambda shard: -sizes[shard.source])


def _find(pattern: str | AnyPath, out: AnyPath) -> tuple[AnyPath, dict[AnyPath, int]]:
    """Return the folder that targets are relative to, and the files with their sizes, without what stands in `out`."""
    folder, sizes = path_of(pattern), dict(files_of(pattern, _is_text))
    if is_folder(folder):
        inside = _is_below(out, folder)
        kept = {path for path in sizes if _is_text(path.name) and not (inside and _is_below(path, out))}
        return folder, {path: size for path, size in sizes.items() if path in kept}
    return _common_folder(sizes), sizes


def _is_text(name: str) -> bool:
    return suffix_of(PurePath(name)) in SUFFIXES


def _is_below(path: AnyPath, folder: AnyPath) -> bool:
    if isinstance(path, Address):
        return isinstance(folder, Address) and path.is_relative_to(folder)
    return not isinstance(folder, Address) and resolved(folder) in resolved(path).parents


def _common_folder(paths: Collection[AnyPath]) -> AnyPath:
    """Return the folder that all paths are in, as deep as can be."""
    common: Any = next(iter(paths), path_of(".")).parent
    for path in paths:
        while not path.is_relative_to(common):
            common = common.parent
    return cast(AnyPath, common)


def _target_name(path: PurePath, input_format: str | None, output_format: str | None) -> PurePath:
    if output_format in (BRAT, HTML):
        return path.with_name(f"{path.name}.{output_format}")
    if output_format == PARQUET or (not output_format and input_format == PARQUET):
        return path.with_name(path.name if suffix_of(path) == f".{PARQUET}" else f"{path.name}.{PARQUET}")
    json_lines = output_format in ("jsonl", "spans") or (not output_format and input_format == "jsonl")
    suffix = FORMATS["jsonl" if json_lines else "columns"].suffixes[0]
    plain = path.name.removesuffix(COMPRESSED)
    compressed = COMPRESSED if plain != path.name else ""
    return path.with_name(f"{plain.removesuffix(suffix)}{suffix}{compressed}")
