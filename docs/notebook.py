"""The lecture as a notebook, from docs/lecture.md and docs/exercises.md: `make notebook`.

Text becomes Markdown cells. Python blocks become code cells. Console blocks become cells that run their commands. The
pictures of graphs become cells that draw them. An exercise follows the section that its heading names. Outputs are not
kept: running the notebook makes them.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from docs.pages import DOCS

START = '''\
# In a new environment, first, in the folder of the repository: pip install ".[glove,report]" ipykernel
# Without the repository, first: pip install "windowner[glove,report]" ipykernel
import html
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from IPython.display import HTML

from windowner.config.sample_config import SAMPLE_CONFIG

FOLDER = Path.cwd().parent if Path.cwd().name == "notebooks" else Path.cwd()
if not (FOLDER / "configs" / "wikigold.toml").exists():
    # Without the repository, the sample sentences of windowner take the place of wikigold.
    FOLDER = Path(tempfile.mkdtemp())
    shutil.copytree(SAMPLE_CONFIG.parent, FOLDER / "data" / "wikigold")
    (FOLDER / "configs").mkdir()
    names = {name: f"../data/wikigold/{name}" for name in ("train.conll", "dev.conll", "vectors.txt")}
    config = SAMPLE_CONFIG.read_text(encoding="utf-8")
    for name, path in names.items():
        config = config.replace(f'"{name}"', f'"{path}"')
    (FOLDER / "configs" / "wikigold.toml").write_text(config, encoding="utf-8")


def run(command):
    """Run a command of windowner, and print what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)], cwd=FOLDER, capture_output=True, text=True, encoding="utf-8"
    )
    print(done.stdout or done.stderr)
    done.check_returncode()


def show_graph(command):
    """Draw the graph of a command, to be stepped through forward and backward."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "graph.html"
        run(f"{command} --out {shlex.quote(str(page))}")
        text = html.escape(page.read_text(encoding="utf-8"))
    return HTML(f'<div><iframe srcdoc="{text}" style="width: 100%; height: 46rem; border: 0"></iframe></div>')


if not (FOLDER / "runs" / "wikigold" / "model.safetensors").exists():
    run("windowner train configs/wikigold.toml")
'''

GRAPHS = {
    "lecture/scalar-graph.svg": 'windowner graph --expr "(x + y) * max(y, z)" x=1 y=2 z=0',
    "lecture/window-graph.svg": 'windowner graph runs/wikigold --sentence "museums in Paris are amazing" --word 3',
}
QUICK = re.compile(r"- Run: `(windowner gradcheck [^`]*)`")
PLACE = re.compile(r" \(after section (\d+)\)$", re.MULTILINE)
FENCE = re.compile(r"^```(python|console)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"^!\[[^\]]*\]\(([^)]*)\)\n", re.MULTILINE)
FOLDED = re.compile(r"^<details>.*?^</details>\n", re.MULTILINE | re.DOTALL)


class Cell(NamedTuple):
    """A cell: "markdown" or "code", and its text."""

    kind: str
    text: str


def cells_of(page: str) -> Iterator[Cell]:
    """Yield the cells of a stretch of a page. What is folded away stays text."""
    place = 0
    for folded in FOLDED.finditer(page):
        yield from _open_cells(page[place : folded.start()])
        yield from _text(folded.group())
        place = folded.end()
    yield from _open_cells(page[place:])


def _open_cells(page: str) -> Iterator[Cell]:
    """Yield the cells of text without folded parts."""
    place = 0
    for block in sorted([*FENCE.finditer(page), *PICTURE.finditer(page)], key=lambda match: match.start()):
        code = _picture(block.group(1)) if block.re is PICTURE else _block(*block.groups())
        if code:
            yield from _text(page[place : block.start()])
            yield Cell("code", code)
            place = block.end()
    yield from _text(page[place:])


def _picture(path: str) -> str:
    """Return the code that draws a picture of a graph. Empty for other pictures."""
    return f"show_graph({GRAPHS[path]!r})" if path in GRAPHS else ""


def _block(language: str, text: str) -> str:
    """Return the code of a block: Python as it is, or the commands of a console."""
    if language == "python":
        return text.rstrip()
    return "\n".join(f"run({line[2:]!r})" for line in text.splitlines() if line.startswith("$ "))


def _text(page: str) -> Iterator[Cell]:
    """Yield Markdown, and the commands in it that take seconds. Links lead from notebooks/."""
    text = re.sub(r"<!--.*?-->\n", "", page, flags=re.DOTALL)
    text = re.sub(r"\]\((?=[\w-]+(?:\.md|/))", "](../docs/", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if text:
        yield Cell("markdown", text)
    for command in QUICK.findall(text):
        yield Cell("code", f"run({' '.join(command.split())!r})")


def lecture_cells(lecture: str, exercises: str) -> list[Cell]:
    """Return the cells of the notebook: each exercise after its section, the grader before the first exercise."""
    head, *sections = re.split(r"^(?=## )", lecture, flags=re.MULTILINE)
    _, grader, *tasks = re.split(r"^(?=## )", exercises, flags=re.MULTILINE)
    cells = [*cells_of(head), Cell("code", START.rstrip())]
    for number, section in enumerate(sections, start=1):
        cells += cells_of(section)
        for task in tasks:
            found = PLACE.search(task)
            if found and int(found.group(1)) == number:
                first = cells_of(grader) if task is tasks[0] else ()
                cells += [*first, *cells_of(PLACE.sub("", task))]
    return cells


def notebook(cells: list[Cell]) -> dict[str, Any]:
    """Return a notebook in the format of Jupyter, version 4.5."""
    code: dict[str, Any] = {"execution_count": None, "outputs": []}
    return {
        "cells": [
            {
                "cell_type": cell.kind,
                "id": f"cell-{number:03}",
                "metadata": {},
                **(code if cell.kind == "code" else {}),
                "source": cell.text.splitlines(keepends=True),
            }
            for number, cell in enumerate(cells)
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def lecture_notebook() -> str:
    """Return the text of notebooks/lecture.ipynb."""
    pages = ((DOCS / name).read_text(encoding="utf-8") for name in ("lecture.md", "exercises.md"))
    return json.dumps(notebook(lecture_cells(*pages)), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Print the notebook."""
    print(lecture_notebook(), end="")


if __name__ == "__main__":
    main()
