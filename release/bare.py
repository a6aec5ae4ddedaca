"""Works through a first hour with windowner in an environment that has nothing but its wheel, in the working directory.

cd EMPTY-FOLDER && VENV/bin/python -I REPOSITORY/release/bare.py
"""

import json
import subprocess
import sys
import sysconfig
from importlib.metadata import entry_points, files
from pathlib import Path
from random import Random

PEOPLE = "John Mary Paul Anna Peter Lucy Omar Ingrid Kofi Mei".split()
PLACES = "Paris London Berlin Rome Oslo Cairo Lima Lagos Quito Bern".split()
PATTERNS = ("PER lives in LOC .", "PER and PER met in LOC yesterday .", "The weather in LOC is bad .", "Nothing .")
NEEDED = (
    *("py.typed", "config/preset_files/best.toml", "experiments/shipped_files/frozen-vs-finetuned.toml"),
    *("markup/templates", "report/templates", "config/sample"),
)
COMMAND = Path(sysconfig.get_path("scripts")) / "windowner"


def run(*arguments: str, text: str | None = None) -> str:
    """Run windowner, and return what it prints. A failure ends this program with what it says."""
    done = subprocess.run([COMMAND, *arguments], input=text, capture_output=True, encoding="utf-8", timeout=120)
    if done.returncode != 0:
        sys.exit(f"windowner {' '.join(arguments)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def require(holds: bool, what: str) -> None:
    """End this program with a message unless a condition holds."""
    if not holds:
        sys.exit(f"the installed windowner: {what}")


def sentence(random: Random) -> str:
    """Return a made-up sentence as rows of columns."""
    rows = []
    for word in random.choice(PATTERNS).split():
        name = {"PER": PEOPLE, "LOC": PLACES}.get(word)
        rows.append(f"{random.choice(name)} B-{word}" if name else f"{word} O")
    return "\n".join(rows) + "\n\n"


def check_installed() -> None:
    """Check the files of the installed package, and its entry points."""
    import windowner

    package = Path(windowner.__file__).parent
    require(package.is_relative_to(sysconfig.get_path("purelib")), f"imported from {package}, not as installed")
    require(not [name for name in NEEDED if not (package / name).exists()], f"lacks one of {', '.join(NEEDED)}")
    lost = [str(file) for file in files("windowner") or () if not Path(str(file.locate())).exists()]
    require(not lost, f"lacks {', '.join(lost)}")
    factories = entry_points(group="spacy_factories")
    require("windowner" in factories.names, "has no entry point in spacy_factories")
    require(run("--version") == f"windowner, version {windowner.__version__}\n", "another version on the command line")


def check_commands() -> None:
    """Train on a made-up file, score, tag, and check gradients."""
    random = Random(0)
    Path("train.conll").write_text("".join(sentence(random) for _ in range(300)), encoding="utf-8")
    Path("dev.conll").write_text("".join(sentence(random) for _ in range(60)), encoding="utf-8")
    require("train" in run("--help"), "--help does not list train")
    run("init", "train.conll", "dev.conll", "--out", "mine.toml")
    run("train", "mine.toml", "--preset", "best", "--set", "train.epochs=5")
    run("eval", "runs/mine", "dev.conll", "--json", "scores.json")
    f1 = json.loads(Path("scores.json").read_text(encoding="utf-8"))["overall"]["f1"]
    require(f1 > 0.9, f"F1 {f1:.3f} on sentences of four patterns; expected more than 0.9")
    answer = run("tag", "runs/mine", "--input", "text", "--output", "spans", text="Anna lives in Oslo .")
    found = [(span["text"], span["label"]) for span in json.loads(answer)["spans"]]
    require(found == [("Anna", "PER"), ("Oslo", "LOC")], f"tags {found}")
    run("gradcheck")
    run("compare", "hidden-size", "--base", "mine.toml", "--dry-run")


if __name__ == "__main__":
    check_installed()
    check_commands()
    print(f"works without the repository on Python {sys.version.split()[0]}")
