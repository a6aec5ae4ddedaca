"""Options of reading a file, the same for every format."""

from dataclasses import dataclass


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

    Raises
    ------
    ValueError
        If both columns are the same.
    """

    token_column: int = 0
    tag_column: int | None = -1
    first_line: int = 1

    def __post_init__(self) -> None:
        if self.token_column == self.tag_column:
            raise ValueError(f"token_column and tag_column are both {self.token_column}, expected two columns")

    @property
    def tagged(self) -> bool:
        """Whether every sentence must have tags."""
        return self.tag_column is not None
