"""What is stated of a run's texts beside the texts: licence and source, in a README or a licence file.

    data/README.md            a table with the columns `folder` and `licence`, and a list with `- **wikigold**: source`
    data/wikigold/train.conll
    data/wikigold/LICENSE.txt

The README stands in the folder of the file, or in the one above. Nothing is guessed: what is not found is not stated.
"""

import re
from pathlib import Path
from typing import NamedTuple

from windowner.markup.markdown import read_tables
from windowner.stores.paths import is_folder

LICENCE_NAMES = ("LICENSE", "LICENCE")
"""How the name of a licence file begins."""


class Stated(NamedTuple):
    """What is stated of a text: its licence, the file that says so, and where the text comes from. "" if nothing is."""

    licence: str = ""
    where: str = ""
    source: str = ""


NOTHING = Stated()


def stated_of(path: Path) -> Stated:
    """Return what is stated of a text file."""
    folder = path.absolute().parent
    for readme in (folder / "README.md", folder.parent / "README.md"):
        found = _read_readme(readme, folder.name)
        if found.licence or found.source:
            return found
    for name in LICENCE_NAMES if is_folder(folder) else ():
        for file in sorted(folder.glob(f"{name}*")):
            return Stated(f"that of {file.name} beside the text", f"{folder.name}/{file.name}")
    return NOTHING


def _read_readme(path: Path, folder: str) -> Stated:
    """Return what a README states of a folder's texts."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):  # there is none, or it is no text
        return NOTHING
    rows = [row for table in read_tables(text) for row in table if row.get("folder", "").strip("`*") == folder]
    licence = next((row[key] for row in rows for key in ("licence", "license") if row.get(key)), "")
    return Stated(licence, f"{path.parent.name}/{path.name}" if licence else "", _source(text, folder))


def _source(text: str, folder: str) -> str:
    """Return the item `- **folder**: ...` of a list, on one line."""
    found = re.search(rf"^- \*\*{re.escape(folder)}\*\*: (.+?)(?=^\S|^\s*$|\Z)", text, re.MULTILINE | re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""
