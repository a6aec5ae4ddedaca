"""The experiments that come with windowner, by name: TOML files in `shipped_files/`."""

from difflib import get_close_matches
from pathlib import Path

from windowner.errors import ConfigError
from windowner.stores.paths import is_file

SHIPPED = Path(__file__).with_name("shipped_files")
SUFFIX = ".toml"


def shipped_experiments() -> dict[str, str]:
    """Return the question of each shipped experiment, which is the first line of its file, by name."""
    files = sorted(SHIPPED.glob(f"*{SUFFIX}"))
    return {path.stem: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") for path in files}


def find_experiment(experiment: str | Path) -> Path:
    """Return the file of an experiment: the file itself, or the shipped one of that name.

    Raises
    ------
    ConfigError
        There is neither such a file nor such a name.
    """
    path = Path(experiment)
    shipped = shipped_experiments()
    if is_file(path) or (path.suffix == SUFFIX and path.stem not in shipped):
        return path  # a missing file is reported where it is read
    if str(path) in shipped:
        return SHIPPED / f"{path}{SUFFIX}"
    near = get_close_matches(path.stem, shipped, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ConfigError(f"{path}: no such file; expected one, or an experiment of windowner: {', '.join(shipped)}.{hint}")
