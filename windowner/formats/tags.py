"""The check that every reader makes of tags: each one is a tag of some scheme. Unusual ways of writing are read."""

import re
from collections.abc import Sequence

from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.text.schemes import NOT_ANNOTATED, split_tag
from windowner.text.sentence import Sentence
from windowner.text.wording import count_of

WHITE = " \t\r\n\f\v"
OTHER_PREFIXES = {"M": "I", "W": "S"}
"""Prefixes of BMES and BMEWO, and how they are read."""

NOTHING_SAID = frozenset({NOT_ANNOTATED, "?", "-"})
"""How files say that a token is not annotated."""

SLIPS = {"0": "the letter O, not the digit", "o": "a capital O", "": "O", "none": "O"}
_TWO_LABELS = re.compile(r".+?[|,;/&+ ](?:[BIESLUMW]-.+|O)")
_TYPE = re.compile(r"[^\W\d_][\w. /&:+-]*")


class TagReader:
    """Reads the tags of one file. It remembers what it has accepted, so that each distinct tag is looked at once.

    White space around a tag is dropped. `M-X` and `W-X` of the scheme BMES are read as `I-X` and `S-X`. Numbers are
    read as names from `options.tag_names`. Types without a prefix are read as `I-` and the type. `?` and `-` are read
    as `_`: the token is not annotated.

    Parameters
    ----------
    name
        Name of the file, for error messages.
    options
        Names of numbered tags, and what is known of the file.
    """

    def __init__(self, name: str, options: ReadOptions) -> None:
        self.name = name
        self.options = options
        self.bare = options.bare_types
        self.plain: set[str] = set()  # accepted, and read as they are written
        self.changed: dict[str, str] = {}

    def read(self, sentence: Sentence) -> Sentence:
        """Return the sentence with its tags as they are read.

        Raises
        ------
        DataError
            If a tag is unknown.
        """
        if sentence.tags is None or self.plain.issuperset(sentence.tags):
            return sentence
        for place, tag in enumerate(sentence.tags):
            if tag in self.plain or tag in self.changed:
                continue
            if self.bare is None and is_bare(tag):
                self.bare = self._are_bare(sentence.tags)
            try:
                meant = self._meaning(tag)
            except ValueError as error:
                raise DataError(f"{self.name}:{sentence.line_of(place)}: {error}") from None
            if meant == tag:
                self.plain.add(tag)
            else:
                self.changed[tag] = meant
        if self.changed:
            return sentence._replace(tags=[self.changed.get(tag, tag) for tag in sentence.tags])
        return sentence

    def knows(self, cell: str) -> bool:
        """Return whether a cell holds a tag that was accepted before, or one with a prefix."""
        return cell in self.plain or cell in self.changed or is_tag(cell)

    def _are_bare(self, tags: Sequence[str]) -> bool:
        """Return whether a file's first tags that are not O are types without a prefix."""
        known = {tag for tag in (*self.plain, *tags) if tag != "O" and tag not in NOTHING_SAID}
        return ("O" in tags or "O" in self.plain) and all(map(is_bare, known))

    def _meaning(self, tag: str) -> str:
        """Return the tag that a cell stands for.

        Raises
        ------
        ValueError
            If it stands for none.
        """
        text = tag.strip(WHITE)
        if text in NOTHING_SAID:
            self.options.note(f"{text} is read as: not annotated")
            return NOT_ANNOTATED
        if not set(text).isdisjoint(WHITE[1:]):
            raise ValueError(f"tag {text!r} holds a tab or a line end, expected none")
        if text.isascii() and text.isdigit() and (self.options.tag_names or text != "0"):
            text = self._named(text)
        if _TWO_LABELS.fullmatch(text):
            raise ValueError(f"two labels in {text!r}, expected one tag for each token")
        prefix, hyphen, entity_type = text.partition("-")
        if hyphen and entity_type and prefix in OTHER_PREFIXES:
            self.options.note(f"the prefix {prefix}- is read as {OTHER_PREFIXES[prefix]}-")
            text = f"{OTHER_PREFIXES[prefix]}-{entity_type}"
        if self.bare and is_bare(text):
            self.options.note("types without prefix are read as I- and the type, such as I-PER (scheme IO)")
            return f"I-{text}"
        try:
            _, entity_type = split_tag(text)
        except ValueError as error:
            raise ValueError(f"{error}{self._hint(text)}") from None
        if entity_type == "O":
            self.options.note(f"{text} is read as an entity of the type O; write O where no entity is meant")
        return text

    def _named(self, number: str) -> str:
        names = self.options.tag_names
        if not names:
            raise ValueError(
                f'tag {number} is a number, expected a name; name them in order: data.tag_names = ["O", "B-PER", ...]'
            )
        if int(number) >= len(names):
            raise ValueError(
                f"tag {number}, expected 0 to {len(names) - 1}, as data.tag_names has {count_of(len(names), 'name')}"
            )
        return names[int(number)]

    def _hint(self, text: str) -> str:
        if text.lower() in SLIPS:
            return f"; did you mean {SLIPS[text.lower()]}?" if text else "; write O where no entity is meant"
        prefix, hyphen, entity_type = text.partition("-")
        if hyphen and entity_type and len(prefix) == 1 and prefix.upper() in "BIESLU":
            return f"; did you mean {prefix.upper()}-{entity_type}?"
        before, separator, prefix = text.rpartition("-")
        if separator and prefix in ("B", "I", "E", "S", "L", "U"):
            return f"; did you mean {prefix}-{before}?"
        if text[:2] in ("B_", "I_", "E_", "S_"):
            return f"; did you mean {text[0]}-{text[2:]}?"
        return self.options.hint


def is_bare(text: str) -> bool:
    """Return whether a cell may be a type without a prefix, such as PER."""
    text = text.strip(WHITE)
    if not _TYPE.fullmatch(text) or text.lower() in SLIPS or text in NOTHING_SAID:
        return False
    try:
        split_tag(text)
    except ValueError:
        prefix, hyphen, _ = text.partition("-")
        return not (hyphen and (len(prefix) == 1 or text.endswith(("-B", "-I")))) and text[1:2] != "_"
    return False


def is_tag(text: str) -> bool:
    """Return whether a cell is `O`, or a prefix and a type."""
    text = text.strip(WHITE)
    try:
        split_tag(text)
    except ValueError:
        return text[:2] in ("M-", "W-")
    return text != NOT_ANNOTATED


def are_tags(cells: Sequence[str]) -> bool:
    """Return whether all cells are tags, or say that a token is not annotated, and some are tags."""
    said = [cell for cell in cells if cell.strip(WHITE) not in NOTHING_SAID]
    return bool(said) and all(map(is_tag, said))
