"""What the beginning of a column file says about its columns: a header row, a column that counts, where tags are."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from windowner.errors import DataError
from windowner.formats.head import Head
from windowner.formats.options import ReadOptions
from windowner.formats.rows import COMMENT, split_rows
from windowner.formats.tags import NOTHING_SAID, are_tags, is_bare, is_tag
from windowner.text.wording import count_of

TOKEN_NAMES = {"token", "tokens", "word", "words", "form", "text", "surface"}
TAG_NAMES = {"tag", "tags", "label", "labels", "ner", "ner_tag", "ner_tags", "entity", "bio", "iob", "named_entity"}
TAG_NAMES |= {"word_labels", "ner-tag", "ne", "iob_tag", "bio_tag"}
DEFAULTS = (0, -1)
MAX_BARE = 60  # distinct types without prefix
SHARE_OF_O = 0.3  # at least this share of O, or a column holds something else than types
_BARE = f"; types without prefix are read where at least {SHARE_OF_O:.0%} of the tags are O, else write I-PER for PER"
_PREFIXED = re.compile(r"[BIESLUMW]-.")


def is_header(cells: Sequence[str]) -> bool:
    """Return whether a row names its columns."""
    names = set(column_names(cells))
    return len(cells) > 1 and bool(names & TOKEN_NAMES) and bool(names & TAG_NAMES)


def column_names(cells: Sequence[str]) -> list[str]:
    """Return the names of the columns in a header row."""
    return [cell.strip().lstrip("#").strip("\"' ").lower() for cell in cells]


def find_layout(head: Head, options: ReadOptions, name: str) -> ReadOptions:
    """Return the options with what the beginning of a column file says.

    Columns that a user chose stay as they are.

    Parameters
    ----------
    head
        The beginning of the file.
    options
        Options as the user gave them.
    name
        Name of the file, for error messages.

    Raises
    ------
    DataError
        If the column of tokens counts or holds tags, and no other column can be taken.
    """
    rows = head.rows
    if not rows:
        return options
    header = rows[0] if is_header(rows[0]) else None
    if header:
        options = _by_header(head, header, options)
        rows = rows[1:]
    options = _find_column_of_ragged(rows, head, options)
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    rows = [row for row in rows if len(row) == width]
    if width < 2:
        return options
    options = replace(options, width=0 if head.tabbed else width)
    if head.tabbed and width > 2 and options.tag_column == -1 and not any(row[-1].strip() for row in rows):
        options = replace(options, tag_column=-2)
    options = _skip_counting(head, rows, width, options, name)
    return _look_at_tags(rows, width, options, name)


def _find_column_of_ragged(rows: list[list[str]], head: Head, options: ReadOptions) -> ReadOptions:
    """Return the options with the last column that holds tags in every row, where some rows have more columns.

    Files of Universal NER are so: rows of entities name their annotator behind the tag.
    """
    if not head.tabbed or options.tag_column != -1 or len(set(map(len, rows))) < 2:
        return options
    ends = [next((cell for cell in reversed(row) if cell.strip()), "") for row in rows]
    tagging = [place for place in range(1, min(map(len, rows))) if holds_tags([row[place] for row in rows])]
    if not tagging or all(map(is_tag, ends)):
        return options
    widths = sorted(set(map(len, rows)))
    options.note(f"rows have {widths[0]} to {widths[-1]} columns; tags are read from column {tagging[-1]}")
    return replace(options, tag_column=tagging[-1])


def _by_header(head: Head, header: list[str], options: ReadOptions) -> ReadOptions:
    """Return the options with the header row, and with the columns that it names if the user has chosen none."""
    lines = (line for line in head.lines if line.strip() and not line.startswith((COMMENT, "-DOCSTART-")))
    options = replace(options, header=next(lines))
    names = column_names(header)
    token = next(place for place, name in enumerate(names) if name in TOKEN_NAMES)
    tag = max(place for place, name in enumerate(names) if name in TAG_NAMES)
    if options.token_column == DEFAULTS[0]:
        options = replace(options, token_column=token) if options.tag_column != token else options
    if options.tag_column == DEFAULTS[1] and tag != options.token_column:
        options = replace(options, tag_column=tag)
    options.note(f"the header row is left out; tokens are read from the column {header[options.token_column]}")
    return options


def _skip_counting(head: Head, rows: list[list[str]], width: int, options: ReadOptions, name: str) -> ReadOptions:
    """Read tokens from the next column if those of the first one are 1, 2, 3, ... in every sentence."""
    if options.token_column != 0 or not counts(head):
        return options
    tag = None if options.tag_column is None else options.tag_column % width
    if width < 3 and (tag is not None or all(is_tag(row[1]) for row in rows)):
        if tag is None:
            return options  # numbers with their tags
        raise DataError(f"{name}: column 0 counts, expected tokens; name their column as data.token_column")
    options.note("column 0 counts, so tokens are read from column 1")
    return replace(options, token_column=1 if tag != 1 else 2)


def counts(head: Head) -> bool:
    """Return whether the first column is 1, 2, 3, ... or 0, 1, 2, ... in every sentence of at least two rows."""
    blocks: list[list[str]] = [[]]
    for line in head.lines:
        if not line.strip() or line.startswith("-DOCSTART-"):
            blocks.append([])
        elif not line.startswith(COMMENT):
            blocks[-1].append(split_rows([line])[0][0])
    blocks = [block for block in blocks if block]
    firsts = {block[0] for block in blocks}
    if not blocks or not firsts <= {"0", "1"} or len(firsts) > 1 or max(map(len, blocks)) < 2:
        return False
    first = int(firsts.pop())
    return all(block == [str(first + place) for place in range(len(block))] for block in blocks)


def _look_at_tags(rows: list[list[str]], width: int, options: ReadOptions, name: str) -> ReadOptions:
    """Find types without prefix, and the columns that hold tags."""
    if not rows or not -width <= options.token_column < width:
        return options
    token = options.token_column % width
    others = [place for place in range(width) if place != token]
    tagging = [place for place in others if holds_tags([row[place] for row in rows])]
    if len(rows) > 2 and holds_tags([row[token] for row in rows]):
        raise DataError(
            f"{name}: column {token} holds tags, expected tokens; name the columns: "
            "--token-column, or in training --set data.token_column=N --set data.tag_column=N"
        )
    if options.tag_column is None and tagging:
        return replace(options, shape_column=tagging[-1])
    if options.tag_column is None or not -width <= options.tag_column < width:
        return options
    tag = options.tag_column % width
    column = [row[tag].strip() for row in rows]
    if not are_tags(column):
        if _are_bare(column):
            return replace(options, bare_types=True)
        listed = [place for place in tagging if place != tag]
        if not listed:
            return replace(options, hint=_BARE) if _are_types(column) else options
        holds = f"column {listed[-1]} holds tags: data.tag_column = {listed[-1]}, or --tag-column"
        if NOTHING_SAID.issuperset(column):
            options.note(f"no tag in the first {count_of(len(rows), 'row')} of column {tag}; {holds}")
        return replace(options, hint=f"; {holds}")
    note_rivals({place: [row[place] for row in rows] for place in (*tagging, tag)}, tag, options)
    return replace(options, bare_types=None) if set(column) == {"O"} else options


def note_rivals(columns: Mapping[int, Sequence[str]], tag: int, options: ReadOptions) -> None:
    """Note which other columns hold tags that may be meant, beside the column `tag` that is read.

    Columns of phrases (I-NP) with other types are not meant.
    """
    types = {place: {cell.strip()[2:] for cell in cells} - {""} for place, cells in columns.items()}
    rivals = [
        place
        for place, cells in columns.items()
        if place != tag and (not types[tag] or types[place] & types[tag] or not _holds_phrases(cells))
    ]
    if rivals:
        options.tag_columns[:] = [tag, *rivals]
        options.note(describe_rivals(options.tag_columns))


def describe_rivals(tag_columns: Sequence[int], setting: str = "data.tag_column") -> str:
    """Say which columns hold tags, of which the first one is read, and the setting that names another."""
    listed = ", ".join(map(str, sorted(tag_columns)))
    return f"columns {listed} hold tags; column {tag_columns[0]} is read, {setting} names another"


def _holds_phrases(column: Sequence[str]) -> bool:
    """Return whether so few cells are O that the tags are those of phrases (I-NP), which cover nearly all tokens."""
    return sum(cell.strip() == "O" for cell in column) < SHARE_OF_O * len(column)


def holds_tags(column: Sequence[str]) -> bool:
    """Return whether all cells are tags, and some are not O."""
    return are_tags(column) and any(_PREFIXED.match(cell.strip()) for cell in column)


def _are_bare(column: list[str]) -> bool:
    """Return whether a column holds types without prefix, and enough O."""
    return _are_types(column) and column.count("O") >= SHARE_OF_O * len(column)


def _are_types(column: list[str]) -> bool:
    """Return whether the tags of a column are types without prefix."""
    types = set(column) - {"O"} - NOTHING_SAID
    return 0 < len(types) <= MAX_BARE and all(map(is_bare, types))
