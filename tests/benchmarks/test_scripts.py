"""Every script of benchmarks/ is entered: it runs its smallest step, and writes into a copy of docs/.

A new script without an entry in `STEPS` fails `test_every_script_has_a_step`. Peers are started by `bench`.
"""

import json
import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from synthetic import write_tiny

from benchmarks.harness import NEEDS

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.relative_to(ROOT).with_suffix("").as_posix() for path in (ROOT / "benchmarks").rglob("*.py"))
SCRIPTS = [name for name in MODULES if "__main__" in (ROOT / f"{name}.py").read_text(encoding="utf-8")]

QUICK = "--quick --rounds 1 --seconds 0.01 --data train.conll --vectors vectors.txt --results results"
TANH = "--set model.nonlinearity=tanh"
STEPS = {
    "benchmarks/bench": f"--docs docs {QUICK}",
    "benchmarks/cluster_cost": "--docs docs --rounds 1 --seeds 1 --set data.train=train.conll --set data.dev=dev.conll "
    "--set data.test= --set vectors.source=vectors.txt",
    "benchmarks/graph_cost": "--rounds 1 --nodes 10",
    "benchmarks/growth": "--only types --quick",
    "benchmarks/profile_training": "--batch 8 --epochs 1 --corpus wnut17 --vectors vectors.txt --config tiny.toml",
    "benchmarks/raw_text": "--rounds 1 --data test.conll --config tiny.toml",
    "benchmarks/rules": "--rounds 1 --phrases 100 --data test.conll --config tiny.toml",
    "benchmarks/scaling": "--docs docs --rounds 1 --shards 1 --engine local --set data.train=train.conll "
    "--set data.dev=dev.conll --set data.test= --set vectors.source=vectors.txt",
    "benchmarks/service": "--config tiny.toml --requests 40 --clients 2",
    "benchmarks/soak": "--part threads --share 0.001",
    "benchmarks/spacy_pipeline": "--rounds 1 --data test.conll --config tiny.toml",
    "benchmarks/stragglers": "--docs docs --seeds 1 --workers 4",
    "benchmarks/vectorization": f"--rounds 1 --seconds 0.01 --size 8 --config tiny.toml {TANH}",
}
PEERS = {name.removeprefix("benchmarks/peers/") for name in MODULES if name.startswith("benchmarks/peers/")}
OURS = {f"windowner_{what}" for what in ("default", "real", "scaling", "tagging", "training")}
STARTED = {"prepare", "machine_rates", *OURS, *NEEDS}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with the pages, corpora and vectors."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "docs", folder / "docs")
    write_tiny(folder)
    return folder


def test_every_script_has_a_step():
    assert {name for name in SCRIPTS if "/peers/" not in name} == {*STEPS}
    assert PEERS - {"__init__", "protocol", "crfsuite_features"} == STARTED


@pytest.mark.parametrize("name", sorted({*MODULES} - {*STEPS}))
def test_a_module_is_imported(name):
    if (library := NEEDS.get(name.rpartition("/")[2])) and find_spec(library) is None:
        pytest.skip(f"{library} is not installed (benchmarks/requirements.txt)")
    import_module(name.removesuffix("/__init__").replace("/", "."))


@pytest.mark.parametrize("name", STEPS)
def test_a_script_runs_its_smallest_step(name, project, monkeypatch):
    monkeypatch.chdir(project)
    before = {path: path.read_bytes() for path in project.rglob("docs/**/*") if path.is_file()}
    script = import_module(name.replace("/", "."))
    result = CliRunner().invoke(script.main, STEPS[name].split(), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    written = [path.name for path, text in before.items() if path.read_bytes() != text]
    assert bool(written) == ("--docs" in STEPS[name])
    assert "| ---" in result.stdout or written or "--part" in STEPS[name]
    if name == "benchmarks/bench":
        results = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in Path("results").iterdir()}
        assert set(results) == {"training", "default", "tagging", "files", "start", "scaling", "real"}
        assert all(part["results"] for part in results.values())
