"""Compares the wheel and the sdist in a folder with the package: no file may be missing, and none may be foreign.

python -m release.contents dist
"""

import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "windowner"
BESIDE = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml", ".gitignore"}
"""Files of the sdist beside the package. hatchling adds .gitignore, because it says what is left out."""


def package_files(root: Path) -> set[str]:
    """Return the files of the package, relative to the repository."""
    found = (path for path in (root / PACKAGE).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix() for path in found}


def of_wheel(wheel: Path) -> set[str]:
    """Return the files of a wheel, without its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def of_sdist(sdist: Path) -> set[str]:
    """Return the files of an sdist, without its outer folder."""
    with tarfile.open(sdist) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def differences(archive: str, found: set[str], expected: set[str]) -> list[str]:
    """Return a line for each file that is missing, and for each one that is foreign."""
    missing = [f"{archive}: {name} is missing" for name in sorted(expected - found)]
    return missing + [f"{archive}: {name} is foreign" for name in sorted(found - expected)]


def check(folder: Path, root: Path = ROOT) -> list[str]:
    """Return what is wrong with the archives of the version that pyproject.toml names."""
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    name, expected = f"{PACKAGE}-{version}", package_files(root)
    wheel, sdist = folder / f"{name}-py3-none-any.whl", folder / f"{name}.tar.gz"
    return [
        *differences(wheel.name, of_wheel(wheel), expected),
        *differences(sdist.name, of_sdist(sdist), expected | BESIDE),
    ]


if __name__ == "__main__":
    sys.exit("\n".join(check(Path(sys.argv[1]))) or None)
