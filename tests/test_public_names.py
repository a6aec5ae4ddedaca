"""The names that `import windowner` offers: one table says where each is defined."""

import ast
import re
import tomllib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import windowner


def test_names_can_be_imported_and_are_documented():
    assert windowner.__all__ == sorted(windowner.__all__)
    for name, module in windowner._HOMES.items():
        value = getattr(windowner, name)
        assert value is getattr(import_module(f"windowner.{module}"), name)
        assert value.__name__ == name
        assert value.__doc__
    with pytest.raises(AttributeError, match="module 'windowner' has no attribute 'nothing'"):
        windowner.nothing  # noqa: B018


def test_names_are_listed_before_they_are_used():
    assert set(windowner.__all__) <= set(dir(windowner))


def test_type_checkers_see_the_same_names():
    tree = ast.parse(Path(windowner.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    imported = [(alias.asname, f"{node.module}.{alias.name}") for node in block.body for alias in node.names]
    assert sorted(imported) == [(name, f"windowner.{module}.{name}") for name, module in windowner._HOMES.items()]


def test_the_version_stands_in_one_place():
    """The changelog opens with it, and all else reads it from what is installed."""
    root = Path(__file__).parents[1]
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changes = re.findall(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert changes[0] == declared
    assert windowner.__version__ == version("windowner")
    sources = [path.read_text(encoding="utf-8") for path in Path(windowner.__file__).parent.rglob("*.py")]
    assert not [source for source in sources if f'"{declared}"' in source]
