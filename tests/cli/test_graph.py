"""`windowner graph`."""

import pytest
from synthetic import error_of, invoke, succeed

pytest.importorskip("matplotlib")

LECTURE = ("graph", "--expr", "(x + y) * max(y, z)", "x=1", "y=2", "z=0")


def edges(text: str) -> dict[str, list[str]]:
    """Upstream, local and downstream gradient of each edge of a scalar graph, on its way back."""
    rows = text[text.index("backward") :].splitlines()[1:]
    return {" ".join(row.split()[:3]): row.split()[3:] for row in rows if row}


def test_the_lectures_example_has_every_gradient():
    """(x + y) * max(y, z) at 1, 2, 0: f = 6, df/dx = 2, df/dy = 2 + 3 = 5 over its two branches, df/dz = 0."""
    text = succeed(*LECTURE).stdout
    assert "y     input      2      5 = 2 + 3" in text
    assert edges(text) == {
        "n3 -> n2": ["1", "3", "3"],
        "n3 -> n1": ["1", "2", "2"],
        "n2 -> z": ["3", "0", "0"],
        "n2 -> y": ["3", "1", "3"],
        "n1 -> y": ["2", "1", "2"],
        "n1 -> x": ["2", "1", "2"],
    }


def test_pictures_and_mermaid(tmp_path):
    svg, png = tmp_path / "g.svg", tmp_path / "g.png"
    result = succeed(*LECTURE, "--out", svg, "--out", png, "--format", "mermaid")
    assert result.stdout.startswith("flowchart")
    assert result.stderr == f"wrote {svg}\nwrote {png}\n"
    assert "5 = 2 + 3" in svg.read_text(encoding="utf-8")
    assert png.read_bytes().startswith(b"\x89PNG")


def test_a_window_of_a_trained_model(tiny):
    text = succeed("graph", tiny.model, "--sentence", "John Smith lives in Paris .", "--word", "5").stdout
    rows = {row.split()[0]: row for row in text[: text.index("backward")].splitlines() if row}
    assert "1 × 5 × 50" in text  # one window, five words, fifty numbers a word
    assert "relu(z1)" in rows["h"]
    assert "cross-entropy(z2, y)" in rows["J"]
    assert not any(row.startswith("rows of") for row in text.splitlines())  # row ids are no nodes


def test_the_gold_tag_decides_the_loss(tiny):
    def loss(*options):
        text = succeed("graph", tiny.model, "--sentence", "Paris is big", *options).stdout
        return float(next(row for row in text.splitlines() if row.startswith("J ")).split()[-2])

    least = loss()
    losses = [loss("--tag", tag) for tag in tiny.run.tagger.model.tags.names]
    assert least == max(losses) > min(losses)


def test_a_window_of_an_untrained_config(config, tmp_path):
    picture = tmp_path / "window.svg"
    succeed("graph", config, "--sentence", "Paris", "--out", picture)
    assert "E.words" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--expr", "x + y", "x=1"), "y"),
        (("--expr", "x + 1", "x=one"), "x=one: expected NAME=NUMBER, such as x=1"),
        (("--expr", "x", "x=1", "--out", "g.pdf"), "--out g.pdf: expected a name that ends in .svg, .html or .png"),
        (("no-such-model",), "no-such-model: no such file; expected a model that `windowner train` wrote"),
    ],
)
def test_mistakes(arguments, message):
    assert message in error_of("graph", *arguments)


def test_mistakes_about_the_window(tiny):
    assert (
        error_of("graph", tiny.model, "--sentence", "a b", "--word", "3")
        == "--word 3: expected a number from 1 to 2, the number of words"
    )
    assert error_of("graph", tiny.model, "--tag", "X").startswith("--tag X: expected one of O B-LOC")


def test_nothing_in_an_expression_is_executed():
    result = invoke("graph", "--expr", "__import__('os').getcwd()", "x=1")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_usage():
    assert invoke("graph", "x=1", "y=2").exit_code == 2
    assert "windowner graph --expr" in succeed("graph", "--help").stdout


def test_without_arguments_it_shows_a_window_of_the_sample_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = succeed("graph").stdout
    assert "E.words" in shown
    assert "cross-entropy(z2, y)" in shown
    assert "transition" not in shown


def test_the_chain_is_shown_on_demand():
    """A window of one word has no neighbours to score: there the chain's nodes hold no numbers."""
    shown = succeed("graph", "--chain").stdout
    assert "transition" in shown
    assert "nan" not in shown
