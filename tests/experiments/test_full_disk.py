"""A disk that is full at any moment leaves a folder that the same command goes on with.

A limit on the size of files stands for the disk. The write that exceeds it fails as on a full disk.
"""

import os
import subprocess
import sys

import pytest
from synthetic import succeed

from windowner.experiments.folder import EXPERIMENT_NAME, TRIALS_NAME

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX limits the size of files")

LIMITED = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from windowner.cli.main import main
main()
"""


def limited(limit, *args):
    command = [sys.executable, "-c", LIMITED, str(limit), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("limit", [500, 2_000, 20_000])
def test_compare_goes_on_after_a_full_disk(answered, small, limit):
    """The manifest, the history and the model are about 3, 1 and 40 kilobytes."""
    text = small.read_text(encoding="utf-8").replace("[3, 5]", "[3]").replace("[0.2, 1.0]", "[0.2]")
    small.write_text(text, encoding="utf-8")
    out = small.parent / "out"
    full = limited(limit, "compare", small, "--out", out, "--jobs", "1")
    assert full.returncode == 1
    assert "File too large" in full.stderr
    assert "Traceback" not in full.stderr
    assert not list(out.glob(f"{TRIALS_NAME}/[!.]*"))
    succeed("compare", small, "--out", out, "--jobs", "1")
    assert sorted(path.name for path in (out / TRIALS_NAME).iterdir()) == [
        "0-frozen-0.2-seed-3",
        "1-fine-tuned-0.2-seed-3",
    ]
    for trial in (out / TRIALS_NAME).iterdir():
        there = answered.folder / TRIALS_NAME / trial.name / "dev.jsonl"
        assert (trial / "dev.jsonl").read_bytes() == there.read_bytes()
    assert (out / EXPERIMENT_NAME).exists()


def test_a_training_on_a_full_disk_leaves_the_earlier_run(small):
    out = small.parent / "run"
    succeed("train", small.parent / "tiny.toml", "--out", out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    full = limited(20_000, "train", small.parent / "tiny.toml", "--out", out, "--seed", "1")
    assert full.returncode == 1
    assert "cannot be written" in full.stderr.splitlines()[-1]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert not list(small.parent.glob(".run*"))
