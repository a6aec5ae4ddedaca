"""The lecture's notebook: it is that of the pages, it runs, and its exercises are graded."""

import json
import re
from pathlib import Path

import pytest

from docs.notebook import lecture_notebook

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "lecture.ipynb"
SECONDS = 300  # for one cell; each takes a few
SOLUTION = re.compile(r"<details><summary>Solution</summary>.*?```python\n(.*?)```", re.DOTALL)
WRONG = {  # solution: its mistake, and the entry that the grader must name
    "affine": ('"b": dz.sum(axis=0)', '"b": dz.mean(axis=0)', r"wrong: b\[\d\]: analytic"),
    "nonlinearity": ("** 2", "** 1", r"wrong: z\[\d, \d\]: analytic"),
    "cross_entropy": (" / len(y)", "", r"wrong: z\[\d, \d\]: analytic"),
    "look_up": ("np.add.at(dE, ids, dx)", "dE[ids] += dx", r"wrong: E\[1, \d\]: analytic"),
}


def test_it_is_that_of_the_pages():
    """A page was changed: `make notebook`."""
    assert NOTEBOOK.read_text(encoding="utf-8") == lecture_notebook()


def code(text):
    return {"cell_type": "code", "id": "", "metadata": {}, "execution_count": None, "outputs": [], "source": text}


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The cells after a run without the repository; after each exercise also its solution, and a wrong solution."""
    pytest.importorskip("ipykernel")
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    cells, last_grade = [], ""
    for cell in book["cells"]:
        text = cell["source"] = "".join(cell["source"])
        cells.append(cell)
        last_grade = next((line for line in text.splitlines() if line.startswith("grade(")), last_grade)
        if found := SOLUTION.search(text):
            name = re.search(r"grade\((\w+),", last_grade)[1]
            old, new, _ = WRONG[name]
            assert found[1].count(old) == 1
            cells += [code(f"{solution}\n{last_grade}") for solution in (found[1], found[1].replace(old, new))]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    book = nbformat.from_dict(book | {"cells": cells})
    folder = tmp_path_factory.mktemp("notebook")
    nbclient.NotebookClient(book, timeout=SECONDS, resources={"metadata": {"path": str(folder)}}).execute()
    return [("".join(cell["source"]), printed(cell)) for cell in book.cells if cell["cell_type"] == "code"]


def printed(cell):
    return "".join(output.get("text", output.get("data", {}).get("text/html", "")) for output in cell["outputs"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_it_runs_and_shows(executed):
    outputs = dict(executed)
    assert any("S-LOC against O" in text for text in outputs.values())
    assert sum("<iframe srcdoc=" in text for text in outputs.values()) == 2
    assert sum("within 1e-07" in text for text in outputs.values()) == 3


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("name", WRONG)
def test_exercises_are_graded(executed, name):
    """Three cells: not written, right, and with a mistake."""
    asked, right, wrong = [text for source, text in executed if f"grade({name}," in source]
    assert asked == "not written yet\n"
    assert "right:" in right
    assert "wrong:" not in right
    assert re.search(WRONG[name][2], wrong), wrong
