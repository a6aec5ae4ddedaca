"""The machine that measures, described by itself."""

import os
import platform
import re
import subprocess
from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from docs.pages import ROOT


def describe() -> dict[str, str]:
    """Return processor, cores, memory, system and Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "revision": revision(),
    }


def revision() -> str:
    """Return the commit that is checked out, and whether the package differs from it."""
    git = ("git", "-C", str(ROOT))
    try:
        commit = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        changed = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", "windowner"], check=False).returncode
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit.stdout.strip() + (", changed since" if changed else "")


def processor() -> str:
    """Return the processor's name, and its model number where the name says nothing else."""
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor() or platform.machine()
    pairs = (line.partition(":") for line in info.read_text(encoding="utf-8").splitlines())
    found = {name.strip(): value.strip() for name, _, value in pairs}
    return (
        f"{found.get('model name', platform.machine())} (family {found.get('cpu family')}, model {found.get('model')})"
    )


def installed_mb(name: str, extras: Collection[str] = ()) -> float | None:
    """Return the size of a package and of all that it needs, as installed here, in MB; None where it is not.

    Parameters
    ----------
    name
        The package.
    extras
        Extras of this package. What they need is counted too.
    """
    found: dict[str, float] = {}
    waiting = [(name, frozenset(extras))]
    while waiting:
        needed, wanted_extras = waiting.pop()
        wanted = re.split(r"[^\w.-]", needed)[0].lower()
        if wanted in found:
            continue
        try:
            package = distribution(wanted)
        except PackageNotFoundError:  # for another system
            if wanted == name.lower():
                return None
            continue
        paths = (Path(str(package.locate_file(file))) for file in package.files or ())
        found[wanted] = sum(path.stat().st_size for path in paths if path.is_file()) / 1e6
        waiting += [(each, frozenset()) for each in package.requires or () if is_needed(each, wanted_extras)]
    return sum(found.values())


def is_needed(requirement: str, extras: Collection[str]) -> bool:
    """Return whether a line of a package's requirements holds without extras or with one of these."""
    extra = re.search(r"""extra == ['"]([^'"]+)['"]""", requirement)
    return extra is None or extra[1] in extras
