"""The machine that measures, described by itself."""

import os
import platform
import re
import subprocess
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


def installed_mb(name: str) -> float | None:
    """Return the size of a package and of all that it needs, as installed here, in MB; None where it is not."""
    found: dict[str, float] = {}
    waiting = [name]
    while waiting:
        wanted = re.split(r"[^\w.-]", waiting.pop())[0].lower()
        if wanted in found:
            continue
        try:
            package = distribution(wanted)
        except PackageNotFoundError:  # for another system, or of an extra
            continue
        paths = (Path(str(package.locate_file(file))) for file in package.files or ())
        found[wanted] = sum(path.stat().st_size for path in paths if path.is_file()) / 1e6
        waiting += [needed for needed in package.requires or () if "extra ==" not in needed]
    return sum(found.values()) if found else None
