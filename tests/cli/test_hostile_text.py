"""Text that is made to attack whoever looks at it: on a terminal, and on a page."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import windowner.cli
from windowner.cli.main import main

ESCAPES = "\x1b[31m\x1b]8;;http://evil\x07\x9b2J\u202e\u2066\x7f"
"""A colour, a link, what clears the screen, and what turns the direction of writing; none of it is white space."""

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
MARKUP = (
    """'"><script>alert(1)</script></style></title>]]>--><img/src=x/onerror=alert(1)><a/href="javascript:alert(1)">"""
)

MODULES = sorted(Path(windowner.cli.__file__).parent.glob("*.py"))
PRINTS = {"echo", "secho", "print", "write"}
DATA = {
    ("init", "echo"),  # a config
    ("tables", "echo"),  # JSON
    ("tables", "write"),  # what --out would write
    ("tables", "print"),  # a table, whose cells are escaped
    ("log", "echo"),  # JSON, in ASCII
    ("lr_find", "write"),  # a picture
    ("tag", "write"),  # tagged text
    ("terminal", "secho"),
}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_commands_print_in_one_way(module):
    """What prints and is not listed here goes through `say`."""
    calls = [node.func for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)]
    names = {call.attr for call in calls if isinstance(call, ast.Attribute)} | {
        call.id for call in calls if isinstance(call, ast.Name) and call.id == "print"
    }
    assert {(module.stem, name) for name in names & PRINTS} <= DATA


def write_project(folder: Path, attack: str) -> Path:
    """Write a corpus whose types and tokens hold an attack, under a name that holds it; return its config."""
    folder.mkdir()
    rows = [f"Paris{attack} B-LOC{attack}", "is O", f"big{attack} O", "", f"John{attack} B-PER", "met O", "him O", ""]
    named = attack.replace("/", "")[:60]
    (folder / f"train{named}.conll").write_text("\n".join(rows * 30), encoding="utf-8")
    (folder / f"dev{named}.conll").write_text("\n".join([*rows, "Rome B-ORG", "slept O", ""] * 9), encoding="utf-8")
    (folder / "pool.txt").write_text(f"Paris{attack} is big. John{attack} met him.\n", encoding="utf-8")
    config = folder / f"c{named}.toml"
    escaped = "".join(f"\\U{ord(char):08x}" for char in named)
    text = f'[data]\ntrain = "train{escaped}.conll"\ndev = "dev{escaped}.conll"\ntag_column = 1\n'
    config.write_text(f'{text}[train]\nepochs = 2\n[model]\nhidden = 5\ndocument = "off"\n', encoding="utf-8")
    return config


@pytest.fixture(scope="module", params=[ESCAPES, MARKUP], ids=["escapes", "markup"])
def project(request, tmp_path_factory):
    """Return the attack, a config, its corpora, and a run."""
    folder = tmp_path_factory.mktemp("hostile") / "project"
    config = write_project(folder, request.param)
    run = folder / f"run{request.param.replace('/', '')[:40]}"
    corpora = [next(folder.glob("train*.conll")), next(folder.glob("dev*.conll"))]
    said = CliRunner().invoke(main, ["train", str(config), "--out", str(run)])
    assert said.exit_code == 0, said.output
    return request.param, config, corpora, run, said


def outputs(project):
    """Yield what each command prints."""
    attack, config, (train, dev), run, said = project
    folder, word = config.parent, f"Paris{attack}"
    yield said
    for line in (
        ["eval", run, dev, "--calibration"],
        ["eval", run, dev, "--json", "-"],
        ["check", train, dev],
        ["score", dev, dev],
        ["score", dev, train],
        ["explain", run, "--sentence", f"{word} is big", "--word", 1],
        ["explain", run, train, "--position", 1, "--type", f"LOC{attack}"],
        ["explain", run, train, "--position", 1, "--type", f"X{attack}"],
        ["cutoff", run],
        ["cutoff", run, "--types", f"LOC{attack}"],
        ["cutoff", run, "--types", f"X{attack}"],
        ["vectors", "nearest", run, word],
        ["vectors", "export", run, "--out", folder / f"v{attack[:8]}.vec"],
        ["graph", run, "--sentence", word, "--tag", f"B-LOC{attack}"],
        ["graph", run, "--sentence", word, "--format", "mermaid"],
        ["graph", "--expr", f"x{attack}", "x=1"],
        ["graph", config, "--sentence", word],
        ["gradcheck", config, "--sample", 1],
        ["lr-find", config, "--steps", 20],
        ["cv", config, "--folds", 2, "--jobs", 1],
        ["review", config],
        ["init", train, dev, "--out", folder / f"new{attack[:8]}.toml"],
        ["convert", train, folder / f"out{attack[:8]}.jsonl"],
        ["report", run, "--out", folder / f"page{attack[:8]}.html"],
        ["train", config, "--set", f"model.x{attack}=1"],
        ["train", config, "--set", f"model.loss='{attack[:20]}'"],
        ["train", folder / f"no{attack}"],
        ["tag", run, folder / f"no{attack}"],
        ["tag", run, folder / "pool.txt", "--input", "text", "--rules", f"no{attack}"],
        ["suggest", run, folder / f"no{attack}"],
        ["compare", f"no{attack}"],
        ["serve", f"no{attack}"],
        [f"no{attack}"],
        ["train", f"--no{attack}"],
        ["eval", run, dev, "--input", attack],
    ):
        yield CliRunner().invoke(main, list(map(str, line)))


def test_nothing_that_is_printed_steers_a_terminal(project, monkeypatch):
    monkeypatch.chdir(project[1].parent)
    for said in outputs(project):
        assert not UNSAFE.search(said.stdout + said.stderr), repr(said.output)
        assert said.exception is None or isinstance(said.exception, SystemExit), said.exception


class Page(HTMLParser):
    """The elements and attributes of a page, and what stands in its scripts."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.open = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.open = tag
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.open = ""

    def handle_data(self, data):
        if self.open == "script":
            self.scripts[-1] += data


def check_page(text: str) -> None:
    """Fail if the attack became an element, an attribute that runs, a link, or code."""
    page = Page(text)
    kinds = [attributes.get("type") for tag, attributes in page.elements if tag == "script"]
    assert [kind for kind, code in zip(kinds, page.scripts, strict=True) if "alert(1)" in code] in (
        [],
        ["application/json"],
    )
    for tag, attributes in page.elements:
        assert attributes.get("src") != "x", tag
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert not any((attributes.get(name) or "").strip().startswith("javascript:") for name in ("href", "src"))


def check_picture(text: str) -> None:
    """Fail if a picture is no XML, or holds a script, what runs, or a link."""
    for element in ElementTree.fromstring(text).iter():
        assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "a", "iframe")
        assert not [name for name in element.attrib if name.rpartition("}")[2].startswith("on")]
        assert not any(value.startswith("javascript:") for value in element.attrib.values())


def test_nothing_in_pages_and_pictures_runs(project, monkeypatch):
    """Whatever markup a token, a type, a file name or a config holds."""
    attack, config, (_, dev), run, _ = project
    folder, word = config.parent, f"Paris{attack}"
    monkeypatch.chdir(folder)
    for line in (
        ["report", run, "--out", "report.html"],
        ["explain", run, "--sentence", f"{word} is big", "--word", 1, "--out", "explain.html"],
        ["explain", run, "--sentence", f"{word} is big", "--word", 1, "--out", "explain.svg"],
        ["graph", run, "--sentence", word, "--out", "graph.svg"],
        ["review", config, "--folds", 2, "--jobs", 1, "--to", "html", "--out", "review.html"],
    ):
        said = CliRunner().invoke(main, list(map(str, line)))
        assert said.exit_code == 0, said.output
    tagged = CliRunner().invoke(main, ["tag", str(run), str(dev), "--output", "html"])
    assert tagged.exit_code == 0, tagged.output
    pages = [tagged.stdout, *(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html")))]
    for page in pages:
        check_page(page)
    assert sum("alert(1)" in page for page in pages) >= 4 * (attack == MARKUP)
    for path in folder.rglob("*.svg"):
        check_picture(path.read_text(encoding="utf-8"))
