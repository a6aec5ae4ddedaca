"""Every script of studies/ is entered: it runs its smallest step, on a made-up corpus, and writes into a copy of docs/.

A new script without an entry in `STEPS` fails `test_every_script_has_a_step`.
"""

import shutil
from importlib import import_module
from pathlib import Path

import pytest
from browsing import require_browser
from click.testing import CliRunner
from synthetic import succeed, write_tiny

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix()
    for folder in ("docs", "studies")
    for path in (ROOT / folder).rglob("*.py")
)  # studies/ablation, ...
SCRIPTS = [name for name in MODULES if "__main__" in (ROOT / f"{name}.py").read_text(encoding="utf-8")]
PITFALL = "French German Dutch Spanish Swedish Swiss".split()

STUDY = "--seeds 1 --jobs 1 --corpus wikigold"
STEPS = {
    "studies/ablation": f"{STUDY} --only hidden --kept kept.jsonl",
    "docs/config_reference": None,  # takes no options
    "studies/cutoff": STUDY,
    "studies/data_findings": "--corpus wikigold",
    "studies/distillation": STUDY,
    "studies/documents": STUDY,
    "studies/errors": STUDY,
    "studies/going_on": "--seeds 1 --type LOC",
    "studies/halves": STUDY,
    "studies/html_tagger": "--row wikigold,fast --words 50",
    "studies/label_errors": STUDY,
    "studies/label_story": "start",
    "studies/labelling": STUDY,
    "studies/languages": "--seeds 1 --jobs 1 --corpus wikigold --only defaults --kept kept.jsonl",
    "studies/lecture/any_subset": "--docs docs",
    "studies/lecture/choices": "--docs docs --seeds 1",
    "studies/lecture/explained": "--docs docs",
    "studies/lecture/figures": "--docs docs",
    "studies/lecture/frozen_or_finetuned": "--docs docs --runs . --corpus tiny",
    "studies/lecture/leaks": "--docs docs",
    "studies/lecture/pitfall": "--docs docs --seeds 1",
    "studies/left_behind": STUDY,
    "docs/notebook": None,  # takes no options
    "docs/pages": "docs/lecture.md steps text.txt",
    "studies/partial_labels": f"{STUDY} --share 0.3",
    "studies/presets": f"{STUDY} --kept kept.jsonl",
    "studies/raw_text": "--config tiny.toml",
    "studies/spacy_sentences": "--config tiny.toml",
    "studies/tokenizers": "--data test.conll",
}
EXPERIMENT = """\
base = "tiny.toml"
seeds = [0, 1]
fractions = [0.5, 1.0]

[grid]
"vectors.mode" = ["frozen", "fine-tuned", "frozen-then-fine-tuned"]
"vectors.source" = ["vectors.txt"]

[compare]
by = "vectors.mode"
test = true
"""
WITHOUT_TRAINING = {
    "docs/config_reference",
    "docs/notebook",
    "docs/pages",
    "studies/data_findings",
    "studies/label_story",
    "studies/lecture/frozen_or_finetuned",
    "studies/tokenizers",
}
WITH_BROWSER = {"studies/html_tagger"}
WITHOUT_TABLE = {"studies/label_story"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with the pages, a corpus of several documents, and vectors; the words of the pitfall are in both."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "README.md", folder)
    write_tiny(folder)
    sentences = "".join(f"{word} O B-MISC\nmuseums O O\nare O O\nold O O\n. O O\n\n" for word in PITFALL)
    for name in ("train", "dev"):
        path = folder / f"{name}.conll"
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        documents = ["\n\n".join(blocks[first : first + 20]) for first in range(1, len(blocks), 20)]
        text = "\n\n".join(f"-DOCSTART- -X- O\n\n{document.strip()}" for document in documents)
        path.write_text(f"{text}\n\n{sentences}", encoding="utf-8")
    vectors = (folder / "vectors.txt").read_text(encoding="utf-8").splitlines()
    vectors += [f"{word.lower()} {' '.join(str(i + j) for j in range(8))}" for i, word in enumerate(PITFALL)]
    (folder / "vectors.txt").write_text("\n".join([f"{len(vectors) - 1} 8", *vectors[1:]]) + "\n", encoding="utf-8")
    (folder / "text.txt").write_text("| a | table |\n", encoding="utf-8")
    return folder


@pytest.fixture
def keys(project):
    """Options that set the project's corpora and vectors, and one epoch."""
    settings = {f"data.{name}": project / f"{name}.conll" for name in ("train", "dev")}
    settings |= {"vectors.source": project / "vectors.txt", "train.epochs": 1}
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


def test_every_script_has_a_step():
    assert SCRIPTS == sorted(STEPS)


@pytest.mark.parametrize("name", sorted({*MODULES} - {*STEPS}))
def test_a_module_without_a_program_is_imported(name):
    import_module(name.removesuffix("/__init__").replace("/", "."))


@pytest.mark.parametrize("name", STEPS)
def test_a_script_runs_its_smallest_step(name, project, keys, monkeypatch, capsys):
    if name in WITH_BROWSER:
        require_browser()
    monkeypatch.chdir(project)
    if name == "studies/lecture/frozen_or_finetuned":
        compare(project)
    before = {path: path.read_bytes() for path in project.rglob("docs/**/*") if path.is_file()}
    script = import_module(name.replace("/", "."))
    arguments = STEPS[name]
    if arguments is None:
        script.main()
        output = capsys.readouterr().out
    else:
        options = [] if name in WITHOUT_TRAINING else keys
        result = CliRunner().invoke(script.main, [*arguments.split(), *options], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        output = result.stdout
    written = [path.name for path, text in before.items() if path.read_bytes() != text]
    assert bool(written) == ("docs" in (arguments or ""))
    assert "|" in output or written or name in WITHOUT_TABLE


def compare(project):
    """Run the experiment that `frozen_or_finetuned` reads, on the made-up corpus."""
    experiment = project / "frozen-vs-finetuned.toml"
    experiment.write_text(EXPERIMENT, encoding="utf-8")
    succeed("compare", experiment, "--out", project / "frozen-vs-finetuned-tiny", "--jobs", "1")
