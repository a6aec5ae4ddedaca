"""The check that every reader makes of tags: each one is a tag of some scheme."""

from windowner.errors import DataError
from windowner.text.schemes import split_tag
from windowner.text.sentence import Sentence


def check_tags(sentence: Sentence, name: str, known_tags: set[str]) -> None:
    """Refuse a sentence that has an unknown tag.

    Parameters
    ----------
    sentence
        What was read.
    name
        Name of its file, for the error message.
    known_tags
        Tags that were accepted before, so that each distinct tag is checked once. The sentence's tags are added.

    Raises
    ------
    DataError
        If a tag is unknown.
    """
    if sentence.tags is None or known_tags.issuperset(sentence.tags):
        return
    for place, tag in enumerate(sentence.tags):
        try:
            split_tag(tag)
        except ValueError as error:
            raise DataError(f"{name}:{sentence.line_of(place)}: {error}") from None
    known_tags.update(sentence.tags)
