"""Observers that remember, and what a config and overrides prepare."""

from pathlib import Path

from windowner.config.loading import load_config
from windowner.runs.preparation import Prepared, prepare
from windowner.training.observer import Observer


class Notes(Observer):
    """Remembers what was reported."""

    def __init__(self):
        self.text = ""

    def note(self, message: str) -> None:
        self.text += message + "\n"


def prepared(path: Path, *overrides: str) -> tuple[Prepared, str]:
    """Prepare what a config and overrides say; return that and what was reported."""
    notes = Notes()
    return prepare(load_config(path, overrides), notes), notes.text
