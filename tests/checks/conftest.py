import pytest

from windowner.checks.checks import CHECKS
from windowner.checks.labelled import Labelled
from windowner.formats.reading import read_corpus

CLEAN = """\
Angela\tB-PER\nMerkel\tI-PER\nvisited\tO\nParis\tB-LOC\n.\tO\n
The\tO\nUnited\tB-ORG\nNations\tI-ORG\nmet\tO\nin\tO\nOslo\tB-LOC\n.\tO\n
"""
KINDS = {check.name: check for check in CHECKS}


@pytest.fixture
def read(tmp_path):
    """`read(train=text, dev=text, ...)` returns the text as it is checked, from files named as the splits are."""

    def read_texts(**texts):
        for name, text in texts.items():
            (tmp_path / name).write_bytes(text.encode())
        return Labelled.of({name: read_corpus(tmp_path / name) for name in texts})

    return read_texts


@pytest.fixture
def find(read):
    """`find(check, train=text, dev=text, ...)` returns what a check finds, and the places as `train:7`."""

    def find_in(check, **texts):
        findings = KINDS[check].find(read(**texts))
        return [
            (found.found, [f"{place.path.split('/')[-1]}:{place.line}" for place in found.places]) for found in findings
        ]

    return find_in


@pytest.fixture
def clean():
    return CLEAN
