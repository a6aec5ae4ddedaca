"""The house of the package: a folder imports only from those above it, and what executes data is kept out."""

import ast
from pathlib import Path

import pytest

import windowner

PACKAGE = Path(windowner.__file__).parent
ORDER = [
    *[
        "errors",
        "arrays",
        "platform",
        "stores",
        "links",
        "files",
        "whole_folders",
        "locks",
        "schemas",
        "markup",
        "text",
        "formats",
        "scoring",
        "vectors",
        "checks",
        "inputs",
        "network",
        "graph",
        "training",
        "config",
    ],
    *[
        "tagger",
        "engines",
        "tagging",
        "runs",
        "gradients",
        "experiments",
        "labels",
        "report",
        "adapters",
        "cli",
        "__main__",
    ],
]
NEVER = {"torch", "tensorflow", "jax", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
CATCHER = "engines/engine.py"  # runs functions that it does not know, and hands over whatever they raise
RAY = "engines/cluster.py"
UNPICKLER = "vectors/keyed.py"  # reads gensim's .kv with an unpickler that admits a list of names only


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(tree):
    """Full names of all modules that a tree imports, and of the names taken from them, wherever the statement is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def floor(path):
    """The folder, or the top-level module, that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def forbidden(importer, imported):
    """Say what is wrong with `importer`, a folder, importing the module `imported`; None when nothing is."""
    parts = imported.split(".")
    if not parts[0]:
        return "a relative import"
    if parts[0] == "gensim" and importer != "vectors":
        return "gensim outside vectors"
    if parts[0] in NEVER:
        return f"{parts[0]}, which has no place here"
    if parts[0] != "windowner" or importer == "__init__":  # the package's own names are re-exported there
        return None
    target = parts[1] if len(parts) > 1 else "the package itself"
    if target not in ORDER or importer not in ORDER:
        return f"{importer} or {target} has no floor"
    if importer == "graph" and target not in ("graph", "errors", "arrays"):
        return "graph knows nothing but errors and arrays"
    return None if ORDER.index(target) <= ORDER.index(importer) else f"{importer} stands above {target}"


def calls(tree):
    """Names of all functions that a tree calls: `print`, `exec`, `sys.exit`, ..."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


FILES = sorted(PACKAGE.rglob("*.py"))
TREES = {path.relative_to(PACKAGE).as_posix(): parse(path) for path in FILES}


def found_by(search):
    """What a search of a tree finds in each file, where it finds anything."""
    return {name: found for name, tree in TREES.items() if (found := search(tree))}


def test_every_folder_and_module_has_its_floor():
    assert {floor(path) for path in FILES} - {"__init__"} == set(ORDER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_come_from_above(path):
    found = {name: forbidden(floor(path), name) for name in imports(parse(path))}
    assert not {name: reason for name, reason in found.items() if reason}


def test_only_the_command_line_prints_and_exits():
    def search(tree):
        raised = {ast.unparse(node.exc) for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc}
        return {
            *(calls(tree) & {"print", "exit", "quit", "sys.exit", "os._exit", "input"}),
            *(exception for exception in raised if exception.startswith("SystemExit")),
            *({module.split(".")[0] for module in imports(tree)} & {"click", "rich", "tqdm"}),
        }

    assert {name for name in found_by(search) if not name.startswith("cli/")} == set()


def test_nothing_executes_what_it_reads():
    def search(tree):
        return calls(tree) & {"eval", "exec", "compile", "__import__", "pickle.load", "pickle.loads"}

    assert found_by(search) == {}


def test_pickles_are_read_by_the_one_unpickler_that_admits_a_list_of_names():
    def search(tree):
        return [module for module in imports(tree) if module.split(".")[0] == "pickle"]

    def allowed(tree):
        keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
        return [node.lineno for node in keywords if node.arg == "allow_pickle" and ast.unparse(node.value) != "False"]

    assert set(found_by(search)) <= {UNPICKLER}
    assert found_by(allowed) == {}


def test_no_assert_on_input_and_no_broad_except():
    """`assert` vanishes under -O, and a broad `except` hides what nobody thought of."""

    def search(tree):
        nodes = list(ast.walk(tree))
        caught = [node for node in nodes if isinstance(node, ast.ExceptHandler)]
        broad = [node for node in caught if node.type is None or ast.unparse(node.type).endswith("Exception")]
        return [node.lineno for node in [*broad, *(node for node in nodes if isinstance(node, ast.Assert))]]

    assert set(found_by(search)) == {CATCHER}


def test_ray_is_imported_by_its_engine_alone():
    def search(tree):
        return [module for module in imports(tree) if module.split(".")[0] == "ray"]

    assert set(found_by(search)) == {RAY}


# The rules themselves


@pytest.mark.parametrize(
    ("importer", "statement", "reason"),
    [
        ("text", "from windowner.scoring.entities import score", "text stands above scoring"),
        ("text", "def f():\n    import windowner.tagger.tagger", "text stands above tagger"),  # inside a function too
        ("graph", "from windowner.inputs.forms import Forms", "graph knows nothing but errors and arrays"),
        ("network", "from . import model", "a relative import"),
        ("network", "import gensim.models", "gensim outside vectors"),
        ("tagger", "from windowner import train", "tagger or train has no floor"),
        ("inputs", "import torch", "torch, which has no place here"),
        ("runs", "from windowner.cli.main import main", "runs stands above cli"),
    ],
)
def test_a_forbidden_import_is_noticed(importer, statement, reason):
    (name,) = imports(ast.parse(statement))
    assert forbidden(importer, name) == reason


@pytest.mark.parametrize(
    ("importer", "statement"),
    [
        ("vectors", "from gensim.models import KeyedVectors"),
        ("graph", "from windowner.errors import DataError"),
        ("training", "from windowner.graph.numeric import check_gradients"),
        ("network", "from windowner.network.rows import RowGradient"),
        ("cli", "from windowner.runs.training import train"),
        ("text", "import numpy as np"),
    ],
)
def test_an_allowed_import_is_allowed(importer, statement):
    (name,) = imports(ast.parse(statement))
    assert forbidden(importer, name) is None
