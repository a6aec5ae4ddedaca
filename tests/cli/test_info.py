"""`windowner info`."""

import json
from pathlib import Path

import pytest
from on_terminal import on_terminal
from synthetic import error_of, invoke, succeed


def test_it_says_what_the_file_holds(tiny):
    shown = succeed("info", tiny.run.folder).stdout
    model = tiny.run.tagger.model
    for part in ("LOC, PER", model.tokenizer, f"{model.temperature:.3f}", "train.conll", "sentences 250"):
        assert part in shown
    assert "The file holds 55 words of the training text. Whoever gets the file can read them." in shown
    assert succeed("info", tiny.model).stdout == shown


def test_a_pipe_has_one_fact_per_line(tiny):
    """Without padding and without wrapping: a line is a name, a colon and a value."""
    lines = succeed("info", tiny.model).stdout.splitlines()
    names = [line.partition(": ")[0] for line in lines]
    assert names[:4] == ["file", "digest", "types", "tags"]
    assert names[-1] == "words"
    assert len(set(names)) == len(names) > 20
    assert max(map(len, lines)) > 200
    assert [line for line in lines if "  " in line or line != line.strip()] == []


def test_a_terminal_has_a_table(tiny):
    """Of 60 columns, which it does not exceed, and in which nothing is cut."""
    text = on_terminal("info", tiny.model, columns=60)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[0].startswith("file    ")
    assert "…" not in text
    digest = json.loads(succeed("info", tiny.model, "--json", "-").stdout)["digest"]
    assert digest in "".join(line.split()[-1] for line in lines if line.strip())


@pytest.mark.filterwarnings("ignore::windowner.errors.UncheckedWarning")
def test_versions_are_shown_where_the_file_says_them(tiny):
    versions = tiny.run.tagger.model.provenance["versions"]
    shown = f"trained with: windowner {versions['windowner']}, NumPy {versions['numpy']}, Python {versions['python']}"
    assert shown in succeed("info", tiny.model).stdout.splitlines()
    for path in sorted((Path(__file__).parents[1] / "tagger" / "earlier").glob("format-?.safetensors")):
        assert "trained with: not known: the file does not say" in succeed("info", path).stdout.splitlines()


def test_words_are_listed_one_per_line_and_alone(tiny):
    lines = succeed("info", tiny.run.folder, "--words").stdout.splitlines()
    assert len(lines) == 55
    assert "Smith" in lines


def test_json(tiny):
    values = json.loads(succeed("info", tiny.run.folder, "--json", "-").stdout)
    assert values["words"]["of_training_text"] == 55
    assert len(values["digest"]) == 64
    assert values["changed"]["model.hidden"] == 20


def test_mistakes(tiny, tmp_path):
    result = invoke("info", tiny.model, "--words", "--json", "-")
    assert (result.exit_code, "--words and --json exclude each other" in result.stderr) == (2, True)
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(tiny.model.read_bytes()[:-5])
    assert error_of("info", damaged).startswith(f"{damaged}: damaged")
    assert error_of("info", tmp_path).startswith(f"{tmp_path}/model.safetensors: no such file")
