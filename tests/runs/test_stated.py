"""Licences and sources that a README or a licence file states, and nothing else."""

from pathlib import Path

import pytest

from windowner.runs.stated import NOTHING, stated_of

DATA = Path(__file__).parents[2] / "data"
README = """\
# Data

| folder | text | licence |
| --- | --- | --- |
| mine | letters | CC0 |

- **mine**: Doe, "Letters",
  2020.
- **other**: nobody.
"""


@pytest.mark.parametrize(
    ("file", "licence", "source"),
    [
        ("wikigold/train.conll", "CC BY 4.0", "Balasuriya, Ringland, Nothman"),
        ("danish-ddt/dev.conll", "CC BY-SA 4.0", "UNER Danish-DDT of Universal NER"),
        ("sec-filings/test.conll", "CC BY 3.0", "Salinas Alvarado"),
        ("factrueval/test.jsonl", "MIT", "FactRuEval-2016"),
    ],
)
def test_the_bundled_corpora(file, licence, source):
    found = stated_of(DATA / file)
    assert (found.licence, found.where) == (licence, "data/README.md")
    assert found.source.startswith(source)


def test_a_readme_above_the_folder(tmp_path):
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    (tmp_path / "mine").mkdir()
    found = stated_of(tmp_path / "mine" / "train.conll")
    assert found == ("CC0", f"{tmp_path.name}/README.md", 'Doe, "Letters", 2020.')
    (tmp_path / "yours").mkdir()
    assert stated_of(tmp_path / "yours" / "train.conll") == NOTHING


def test_a_licence_file_beside_the_text(tmp_path):
    (tmp_path / "LICENSE.txt").write_text("free")
    assert stated_of(tmp_path / "train.conll").licence == "that of LICENSE.txt beside the text"
    (tmp_path / "README.md").write_bytes(b"\xff\xfe no text")
    assert stated_of(tmp_path / "train.conll").where == f"{tmp_path.name}/LICENSE.txt"
