"""Text that is scored has to say what is no entity. Else a tagger that calls every word an entity is perfect."""

from collections.abc import Sequence
from pathlib import Path

from windowner.errors import DataError
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.wording import count_of


def check_outside(path: str | Path, tags: Sequence[Sequence[str]], split: str = "") -> None:
    """Refuse gold tags of which some are not annotated and none is O.

    Parameters
    ----------
    path
        The file, for the error message.
    tags
        Gold tags of each sentence.
    split
        Name of the part of the text, such as dev; "" is the whole file.

    Raises
    ------
    DataError
        If nothing says what is no entity.
    """
    unknown = sum(each.count(NOT_ANNOTATED) for each in tags)
    if unknown and not any("O" in each for each in tags):
        words = f"{count_of(unknown, 'word')}{f' of {split}' if split else ''} not annotated"
        raise DataError(
            f"{path}: {words} and none O, expected words with the tag O; write O for words that are no entity"
        )
