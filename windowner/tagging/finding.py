"""The files that are to be tagged: what each one holds, and where its tagged text goes."""

import glob
import os
from dataclasses import dataclass
from pathlib import Path

from windowner.errors import DataError
from windowner.formats.table import BRAT, COMPRESSED, FORMATS, SUFFIXES, suffix_of
from windowner.tagging.texts import HTML


@dataclass(frozen=True)
class FileShard:
    """A file to be tagged, its format, the file for the tagged text, and the format of that.

    Where a format is "", the name and the content of the file say it when the file is tagged.
    """

    source: Path
    input_format: str
    target: Path
    output_format: str

    @property
    def is_unusual(self) -> bool:
        """Whether the file is read in another format than its name says."""
        return self.input_format not in ("", SUFFIXES.get(suffix_of(self.source)))

    @property
    def is_done(self) -> bool:
        """Whether the tagged text is there, whole."""
        try:
            return self.target.exists()
        except OSError:  # such as a name that is too long: an error of this file alone, when it is tagged
            return False


def find_shards(
    pattern: str, out: Path, input_format: str | None = None, output_format: str | None = None
) -> list[FileShard]:
    """Find the files to be tagged, largest first, so that no large one is begun when all others are done.

    Parameters
    ----------
    pattern
        A folder, from which all files with names in `.txt`, `.jsonl` or `.conll` are taken, also with `.gz`; or a glob.
    out
        Folder of the tagged files. `a.txt.gz` becomes `a.txt.conll.gz`; for HTML, `a.txt.gz.html`, which browsers
        open; for brat, the folder `a.txt.gz.brat`.
    input_format
        Format of the files. By default their names and content say it: text, tokens in columns, or JSON Lines.
    output_format
        `columns`, `jsonl`, `spans`, `html` or `brat`. By default JSON Lines for JSON Lines, and columns for all others.

    Raises
    ------
    DataError
        There are no such files, or two of them would be written to one place.
    """
    root, paths = _find(pattern, out)
    targets: dict[Path, Path] = {}
    shards = []
    for path in sorted(paths):
        by_name = SUFFIXES.get(suffix_of(path))
        if input_format is None and by_name is None:
            continue
        target = out / _target_name(path.relative_to(root), input_format or by_name, output_format)
        if target.resolve() == path.resolve():
            raise DataError(f"{path}: would be written onto itself, expected another folder")
        if other := targets.get(target):
            raise DataError(f"{path}: would be written to {target}, as {other} is; expected different names")
        targets[target] = path
        shards.append(FileShard(path, input_format or "", target, output_format or ""))
    if not shards:
        raise DataError(f"{pattern}: no files to tag, expected {', '.join(SUFFIXES)}, also with .gz")
    return sorted(shards, key=lambda shard: -shard.source.stat().st_size)


def _find(pattern: str, out: Path) -> tuple[Path, list[Path]]:
    """Return the folder that targets are relative to, and the files, without what stands in `out`."""
    folder = Path(pattern)
    if folder.is_dir():
        paths = [path for path in folder.rglob("*") if path.is_file() and suffix_of(path) in SUFFIXES]
        inside = folder.resolve() in out.resolve().parents
        return folder, [path for path in paths if not inside or out.resolve() not in path.resolve().parents]
    found = [pattern] if folder.is_file() else glob.glob(pattern, recursive=True)
    paths = [path for path in map(Path, found) if path.is_file()]
    parents = {str(path.parent) for path in paths}
    return Path(os.path.commonpath(parents) if parents else "."), paths


def _target_name(path: Path, input_format: str | None, output_format: str | None) -> Path:
    if output_format in (BRAT, HTML):
        return path.with_name(f"{path.name}.{output_format}")
    json_lines = output_format in ("jsonl", "spans") or (not output_format and input_format == "jsonl")
    suffix = FORMATS["jsonl" if json_lines else "columns"].suffixes[0]
    plain = path.name.removesuffix(COMPRESSED)
    compressed = COMPRESSED if plain != path.name else ""
    return path.with_name(f"{plain.removesuffix(suffix)}{suffix}{compressed}")
