"""Options of reading a file, the same for every format."""

from dataclasses import dataclass, field

from windowner.text.alignment import Misaligned
from windowner.text.choosing import AUTO


@dataclass(frozen=True)
class ReadOptions:
    """How a file is read.

    Parameters
    ----------
    token_column, tag_column
        Columns of the token and the tag in a column file; 0 is the first, -1 the last. `tag_column = None` means that
        no tags are needed: column files are read without them, and JSON Lines may lack them.
    first_line
        Number of the first line of the stream, for error messages.
    tag_names
        Names of the tags that a file writes as numbers 0, 1, ...
    tokenizer
        Name of the tokenizer for text with spans; `auto` for what fits its letters.
    misaligned
        What is done with a span that cuts a token.
    width
        Columns of a row; 0 if the first row says it.
    shape_column
        A column that holds nothing but tags, though tags are not read; a row without one there is a comment.
    header
        The header row of a column file; "" if it has none.
    bare_types
        Whether tags are types without a prefix. None: the first tags that are not O say it.
    continues
        Whether the first record may belong to the document of a record before it, which is not read.
    hint
        What an error about an unknown tag adds, such as the column that does hold tags.
    notes
        The reader adds what is worth saying about how the file was read.
    counted
        The reader adds what it counts, such as spans that are left out, by its description.
    found
        The reader adds the name of the tokenizer that it used, if it used one.
    tag_columns
        The reader adds the column of tags that it reads, and the other columns that hold tags of the same types, if
        there are any.
    overlaps
        The reader adds the first spans that are left out because they overlap longer ones.

    Raises
    ------
    ValueError
        If both columns are the same.
    """

    token_column: int = 0
    tag_column: int | None = -1
    first_line: int = 1
    tag_names: tuple[str, ...] = ()
    tokenizer: str = AUTO
    misaligned: Misaligned = "split"
    width: int = 0
    shape_column: int | None = None
    header: str = ""
    bare_types: bool | None = False
    continues: bool = False
    hint: str = ""
    notes: list[str] = field(default_factory=list, compare=False, repr=False)
    counted: dict[str, int] = field(default_factory=dict, compare=False, repr=False)
    found: list[str] = field(default_factory=list, compare=False, repr=False)
    tag_columns: list[int] = field(default_factory=list, compare=False, repr=False)
    overlaps: list[str] = field(default_factory=list, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.token_column == self.tag_column:
            raise ValueError(f"token_column and tag_column are both {self.token_column}, expected two columns")

    @property
    def tagged(self) -> bool:
        """Whether every sentence must have tags."""
        return self.tag_column is not None

    def note(self, text: str) -> None:
        """Add a note, once."""
        if text not in self.notes:
            self.notes.append(text)

    def count(self, what: str, number: int = 1) -> None:
        """Add to what is counted."""
        if number:
            self.counted[what] = self.counted.get(what, 0) + number

    def all_notes(self) -> tuple[str, ...]:
        """Return notes, counts and examples, as text."""
        counts = (f"{what}: {number:,}" for what, number in self.counted.items())
        return (*self.notes, *counts, *(f"  {overlap}" for overlap in self.overlaps))
