"""Text and tables in Markdown, in which nothing that comes from data is taken for markup."""

import re
from collections.abc import Iterable, Sequence

from windowner.markup.lines import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def escape(text: str) -> str:
    """Return a text on one line, with a backslash before each character that Markdown may take for markup."""
    return one_line(_SPECIAL.sub(r"\\\1", " ".join(text.split())))


def code(text: str) -> str:
    """Return a text as code on one line. It holds whatever the text holds, backticks included."""
    line = one_line(" ".join(text.split()))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], text_columns: int = 1) -> str:
    """Return a table, whose cells are Markdown. Its first columns stand on the left, and the others on the right."""
    rules = ["---"] * text_columns + ["---:"] * (len(head) - text_columns)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rules, *rows])


def read_tables(text: str) -> list[list[dict[str, str]]]:
    """Return the tables of a Markdown text: their rows, by the names of the columns. Cells are as they are written."""
    tables: list[list[dict[str, str]]] = []
    head: list[str] = []
    for line in text.splitlines():
        cells = _cells(line)
        if not cells:
            head = []
        elif not head:
            head = [cell.lower() for cell in cells]
            tables.append([])
        elif not all(re.fullmatch(":?-+:?", cell) for cell in cells):
            tables[-1].append(dict(zip(head, cells, strict=False)))
    return tables


def _cells(line: str) -> list[str]:
    stripped = line.strip()
    if len(stripped) < 2 or not (stripped.startswith("|") and stripped.endswith("|")):
        return []
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", stripped[1:-1])]
