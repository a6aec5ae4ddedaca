"""The examples of docs/python.md run, on a made-up corpus, one after the other."""

import re
from pathlib import Path

from synthetic import write_tiny

import windowner.adapters.spacy  # noqa: F401  # makes the component known where windowner is not installed

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_examples(tmp_path, monkeypatch, capsys):
    write_tiny(tmp_path).rename(tmp_path / "mine.toml")
    monkeypatch.chdir(tmp_path)
    names = {}
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(examples) == 4
    for example in examples:
        code = example.replace("glove-6b-50d", "vectors.txt").replace("[50, 150]", "[5, 15]").replace("cv=3", "cv=2")
        exec(compile(code, str(PAGE), "exec"), names)
    assert names["run"].scores["dev"].overall.f1 > 0.5
    assert names["best"].score(names["X"], names["y"]) > 0.1  # after 5 epochs of a few batches
    assert capsys.readouterr().out.splitlines()[-1] == "[]"
    assert [entity.text for entity in names["nlp"]("John Smith lives in New York.").ents] == ["John Smith", "New York"]
