"""`windowner explain`."""

import pytest
from synthetic import error_of, invoke, succeed, train_documents

SENTENCE = ("--sentence", "museums in Paris are amazing", "--word", "3")


def test_a_word(tiny):
    result = succeed("explain", tiny.model, *SENTENCE, "--tag", "B-LOC", "--against", "O")
    lines = result.stdout.splitlines()
    assert lines[0] == "museums in [Paris] are amazing"
    assert lines[1].startswith("B-LOC against O: ")
    (total,) = [line.split()[0] for line in lines if line.split()[1:] == ["sum"]]
    assert lines[1].split()[3] == total
    words = [line.split() for line in lines[4 : lines.index("", 4)]]
    assert ["-1", "in"] in [cells[1:] for cells in words]
    assert sum(float(cells[0]) for cells in words[:-1]) == pytest.approx(float(total), abs=0.005)  # of rounded numbers
    sizes = [abs(float(cells[0])) for cells in words[:-1]]
    assert sizes == sorted(sizes, reverse=True)


def test_more_rows_are_not_hidden_by_the_sum(tiny):
    few, all_rows = (succeed("explain", tiny.model, *SENTENCE, "--top", top).stdout for top in ("2", "1000"))
    assert "others" in few
    assert "others" not in all_rows


def test_context_is_the_rest_of_the_document(tmp_path_factory):
    """The other mentions of a word have a share, if the model reads documents."""
    model = train_documents(tmp_path_factory.getbasetemp()).model
    alone, together = (
        succeed("explain", model, *SENTENCE, *context).stdout for context in ((), ("--context", "Paris is big"))
    )
    assert alone.splitlines()[1] != together.splitlines()[1]


def test_words_of_a_corpus(tiny):
    data = tiny.folder / "train.conll"
    result = succeed("explain", tiny.model, data, "--position", "-1", "--type", "LOC", "--min-count", "2", "--top", "3")
    heads, *rows, note = result.stdout.splitlines()
    assert heads.split() == ["nats", "occurrences", "word"]
    assert len(rows) == 3
    assert note.startswith("3 of ")
    nats = [float(row.split()[0]) for row in rows]
    assert nats == sorted(nats, reverse=True)


def test_words_of_documents_are_those_of_the_tagger(tmp_path, tmp_path_factory):
    """The first document may begin before the first mark. A file without marks is cut into stretches, as in tagging."""
    model = train_documents(tmp_path_factory.getbasetemp()).model
    rows, mark, path = "We O\nsaw O\nRome B-LOC\n. O\n\n", "-DOCSTART- O\n\n", tmp_path / "d.conll"
    found = []
    for text in (rows * 4, mark + rows * 4, rows * 2 + mark + rows * 2, (mark + rows) * 4):
        path.write_text(text, encoding="utf-8")
        found.append(succeed("explain", model, path, "--position", "0", "--type", "LOC", "--min-count", "2").stdout)
    assert found[0] == found[1] == found[2] != found[3]


@pytest.mark.parametrize("suffix", ["html", "svg", "png"])
def test_a_file(tiny, tmp_path, suffix):
    pytest.importorskip("jinja2")
    pytest.importorskip("matplotlib")
    out = tmp_path / f"paris.{suffix}"
    assert succeed("explain", tiny.model, *SENTENCE, "--out", out).stdout.strip().endswith(f"paris.{suffix}")
    begins = {"html": b"<!doctype html>", "svg": b"<?xml", "png": b"\x89PNG"}
    assert out.read_bytes().startswith(begins[suffix])
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_what_a_rule_decides_is_said(tiny, tmp_path):
    pytest.importorskip("jinja2")
    rules = tmp_path / "rules.jsonl"
    rules.write_text('{"label": "NEW", "pattern": "Paris", "id": "city"}\n', encoding="utf-8")
    lines = succeed("explain", tiny.model, *SENTENCE, "--rules", rules).stdout.splitlines()
    plain = succeed("explain", tiny.model, *SENTENCE).stdout.splitlines()
    own_tag = plain[1].rpartition(" ")[2]
    assert lines[1].endswith("tagged S-NEW")
    assert lines[2].startswith(f"The rule city decided. The network alone gives {own_tag}, ")
    assert lines[3:] == plain[2:]
    succeed("explain", tiny.model, *SENTENCE, "--rules", rules, "--out", tmp_path / "paris.html")
    assert "gives S-NEW to the word. The rule city decided." in (tmp_path / "paris.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("sentence", ["", " \t"])
def test_a_sentence_without_tokens(tiny, sentence):
    message = error_of("explain", tiny.model, "--sentence", sentence, "--word", "1")
    assert message == "--sentence has no token, expected tokens with white space between them"


def test_errors(tiny):
    model, sentence = tiny.model, SENTENCE[:2]
    assert "--word 6: expected a number from 1 to 5" in error_of("explain", model, *sentence, "--word", "6")
    assert "--against X: the model has no such tag, expected one of" in error_of(
        "explain", model, *SENTENCE, "--against", "X"
    )
    assert "are both O" in error_of("explain", model, *SENTENCE, "--tag", "O", "--against", "O")
    assert "--out a.pdf: expected a name that ends in .html" in error_of("explain", model, *SENTENCE, "--out", "a.pdf")
    data = tiny.folder / "dev.conll"
    assert "--position 9: expected a number from" in error_of(
        "explain", model, data, "--position", "9", "--type", "LOC"
    )
    assert "--type X: the model has no such type" in error_of("explain", model, data, "--position", "0", "--type", "X")


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--word", "1"],
        [*SENTENCE, "--position", "1"],
        ["FILE"],
        ["FILE", *SENTENCE],
        ["FILE", "--position", "0", "--type", "LOC", "--out", "a.svg"],
        ["FILE", "--position", "0", "--type", "LOC", "--against", "O"],
        ["FILE", "--position", "0", "--type", "LOC", "--rules", "rules.jsonl"],
    ],
)
def test_options_that_do_not_fit_each_other(tiny, options):
    result = invoke("explain", tiny.model, *options)
    assert result.exit_code == 2
    assert "--sentence and --word" in result.output
    assert "windowner explain" in succeed("explain", "--help").stdout
