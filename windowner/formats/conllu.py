"""CoNLL-U: numbered rows with tabs, `#` comments, and the tag in a column of its own or in the last one (MISC).

# newdoc                                          opens a document
1-2   del    ...   _                              several words written as one: left out
1     de     ...   name=O                         a word; also NER=, NE=, ner=, or the tag alone
3.1   x      ...   _                              an empty node: left out
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from windowner.errors import DataError, UnholdableError
from windowner.formats.head import Head
from windowner.formats.limits import check_open, check_sentence
from windowner.formats.lines import read_blocks
from windowner.formats.options import ReadOptions
from windowner.formats.rows import COMMENT
from windowner.formats.tags import TagReader, is_tag
from windowner.text.sentence import Sentence
from windowner.text.wording import count_of

TOKEN, MISC, WIDTH = 1, 9, 10
SUFFIX = ".conllu"
EMPTY = "_"
"""An empty field, which names no entity."""
_NUMBER = re.compile(r"\d+")
_LEFT_OUT = re.compile(r"\d+-\d+|\d+\.\d+")
_TAG_IN_MISC = re.compile(r"(?:^|\|)(?:name|NER|NE|ner|Name|ne|NamedEntity)=([^|]*)")
_WHITE_LINE = re.compile(r"^[ \t\r\f\v]+$", re.MULTILINE)
_DEFAULTS = ReadOptions()


def looks_like(head: Head) -> bool:
    """Return whether a file is of this format.

    Its first number is 1, or 0. A file whose name ends with `.conllu` may lack the first words of its first sentence.
    """
    rows = [row for row in head.rows if row]
    if not rows or not head.tabbed:
        return False
    first = head.column(0)
    if not all(_NUMBER.fullmatch(cell) or _LEFT_OUT.fullmatch(cell) for cell in first):
        return False
    if first[0][0] not in "01" and head.suffix != SUFFIX:
        return False
    if not any(_NUMBER.fullmatch(cell) for cell in first):
        return False
    return len(rows[0]) >= WIDTH or any(_LEFT_OUT.fullmatch(cell) for cell in first)


def read_conllu(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read a CoNLL-U file.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        The column of tags. With -1, it is the last one that holds nothing but tags in the first sentence, or else MISC.

    Raises
    ------
    DataError
        If a row has too few columns, or no tags are found.
    """
    reader = TagReader(name, options)
    column = options.tag_column if options.tag_column != -1 else None
    found = column is not None
    for text, line in _cut_sentences(stream, name, options.first_line):
        rows = text.split("\n")
        first = next((place for place, row in enumerate(rows) if not row.startswith(COMMENT)), len(rows))
        if first:
            yield Sentence([], None if options.tag_column is None else [], line, rows[:first])
        rows, line = rows[first:], line + first
        cells = [row.split("\t") for row in rows]
        _check(cells, line, name)
        places = [place for place, row in enumerate(cells) if _NUMBER.fullmatch(row[0])]
        if not places:
            continue
        words = [cells[place] for place in places]
        tags = None
        if options.tag_column is not None:
            if not found:
                column, found = _tag_column(words), True
            tags = [_tag(row, column, f"{name}:{line + place}") for row, place in zip(words, places, strict=True)]
        among = places if len(places) < len(rows) else None
        yield reader.read(Sentence([row[TOKEN] for row in words], tags, line, rows, among))


def _cut_sentences(stream: BinaryIO, name: str, line: int) -> Iterator[tuple[str, int]]:
    """Cut text at blank lines; yield the rows of each sentence, with the number of their first line.

    The stream's first line has the number `line`.
    """
    parts: list[str] = []  # of the sentence that has begun
    for block in read_blocks(stream, name, line):
        parts.append(_WHITE_LINE.sub("", block))
        if not _ends_sentence(parts):  # so that a row is looked at once, however many follow
            check_open(sum(part.count("\n") for part in parts), sum(map(len, parts)), f"{name}:{line}")
            continue
        *sentences, unfinished = "".join(parts).split("\n\n")
        parts = [unfinished]
        for text in sentences:
            rows = text.lstrip("\n")
            if rows:
                check_sentence(rows.count("\n") + 1, f"{name}:{line + len(text) - len(rows)}")
                yield rows, line + len(text) - len(rows)
            line += text.count("\n") + 2
    # The rest of the last block is the last sentence, if no blank line follows it.
    unfinished = "".join(parts)
    rows = unfinished.strip("\n")
    if rows:
        check_sentence(rows.count("\n") + 1, f"{name}:{line + unfinished.index(rows)}")
        yield rows, line + unfinished.index(rows)


def _ends_sentence(parts: list[str]) -> bool:
    """Return whether the last part of a text, or the border in front of it, holds a blank line."""
    before = parts[-2][-1:] if len(parts) > 1 else ""
    return "\n\n" in before + parts[-1]


def conllu_text(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    """Return a tagged sentence as rows of ten columns and a blank line; its tags stand in MISC as `name=`.

    Rows that were read from CoNLL-U keep their columns. Other sentences have `_` in all columns but four.

    Parameters
    ----------
    sentence
        The sentence as it was read.
    tags
        New tags, one per token.
    scores
        Probabilities of the tags, which stand in MISC as `score=`.

    Raises
    ------
    DataError
        If a token holds a tab or a line end, which a row cannot hold, or a tag holds a `|`.
    """
    if sentence.is_mark:
        return _comments(sentence)
    added = [f"name={tag}" for tag in tags]
    if broken := next((tag for tag in tags if "|" in tag), None):
        expected = "which MISC cannot hold; write JSON Lines instead"
        raise UnholdableError(f"tag {broken!r} holds a |, {expected}", sentence.line)
    if scores is not None:
        added = [f"{misc}|score={score:.4f}" for misc, score in zip(added, scores, strict=True)]
    rows = [row.split("\t") for row in sentence.rows]
    if rows and all(len(row) == WIDTH and row[0][:1].isdigit() for row in rows):
        new = dict(zip(sentence.token_rows or range(len(rows)), added, strict=True))
        lines = ["\t".join([*row[:MISC], _misc(row[MISC], new.get(place, ""))]) for place, row in enumerate(rows)]
        return "\n".join(lines) + "\n\n"
    for token in sentence.tokens:
        if "\t" in token or "\n" in token:
            found = f"token {token!r} holds a tab or a line end"
            raise UnholdableError(f"{found}; write JSON Lines instead", sentence.line)
    empty = "\t".join("_" * (MISC - 2))
    pairs = zip(sentence.tokens, added, strict=True)
    return "".join(f"{number}\t{token}\t{empty}\t{misc}\n" for number, (token, misc) in enumerate(pairs, 1)) + "\n"


def _comments(sentence: Sentence) -> str:
    """Return comments as they are, and another format's document mark as `# newdoc`."""
    rows = [row if row.startswith(COMMENT) else "# newdoc" for row in sentence.rows]
    return "".join(f"{row}\n" for row in rows)


def _misc(old: str, new: str) -> str:
    """Return MISC with a new tag in place of an old one."""
    if not new:
        return old
    kept = [
        part for part in old.split("|") if part not in ("", "_") and not _TAG_IN_MISC.match(part) and not is_tag(part)
    ]
    return "|".join([*kept, new])


def _check(cells: list[list[str]], line: int, name: str) -> None:
    for number, row in enumerate(cells, start=line):
        if len(row) < TOKEN + 1 or not (_NUMBER.fullmatch(row[0]) or _LEFT_OUT.fullmatch(row[0])):
            raise DataError(
                f"{name}:{number}: {count_of(len(row), 'column')} starting with {row[0][:40]!r}, "
                "expected CoNLL-U: a number such as 1, 1-2 or 3.1, and a word"
            )


def _tag_column(words: list[list[str]]) -> int | None:
    """Return the last column that holds nothing but tags; None means MISC."""
    width = min(map(len, words))
    whole = [place for place in range(TOKEN + 1, width) if all(is_tag(row[place]) for row in words)]
    return whole[-1] if whole else None


def _tag(row: list[str], column: int | None, where: str) -> str:
    """Return the tag of a row, from its column or from MISC; a field that names none is O."""
    if column is not None:
        if not -len(row) <= column < len(row):
            raise DataError(f"{where}: {count_of(len(row), 'column')}, expected the tag in column {column}")
        return "O" if row[column] == EMPTY else row[column]
    misc = row[MISC] if len(row) > MISC else row[-1]
    named = _TAG_IN_MISC.search(misc)
    if named:
        return named[1]
    return next((part for part in misc.split("|") if is_tag(part)), "O")
