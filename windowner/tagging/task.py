"""How a stream is tagged, and the tagger that does it in each process."""

from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from windowner.errors import DataError
from windowner.formats.changed import awaited, head_of, is_head
from windowner.formats.options import ReadOptions
from windowner.formats.parquet_file import is_parquet
from windowner.formats.recognition import AT_ONCE, recognise_stream, sniff
from windowner.formats.record_writing import SPANS
from windowner.formats.table import COLUMNS, JSON_LINES, PARQUET
from windowner.formats.texts import TEXT_READERS
from windowner.platform import keep_freed_memory
from windowner.stores.address import AnyPath
from windowner.tagger.caches import CACHE_MB
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger


@dataclass(frozen=True)
class TagTask:
    """How a stream is tagged.

    Parameters
    ----------
    model
        Path or address of the model.
    name
        Name of the stream in error messages.
    input_format
        `columns`, `tokens`, `jsonl`, or one of `TEXT_READERS`; "" for what name and content say.
    output_format
        `columns`, `jsonl`, `spans`, `html`, `parquet` for Parquet, or for folders `brat`; "" for what fits the input.
    scheme
        Scheme of the tags.
    scores
        Whether each tag's probability is added.
    tag_probabilities
        Whether the probabilities of all tags of a token are added, in the scheme of the model. The output is `jsonl`.
    min_probability
        Entities that are less probable are left out; None stands for the model's cutoffs.
    rules
        File of rules that stand beside the model; "" for those of the model.
    token_column
        For columns, where the tokens are: 0 is the first column, -1 the last; None for where the model's training
        files have them.
    text_column, new_column
        From Parquet to Parquet: the column of texts or of lists of tokens, and the name of the column for what is
        found; "" for the names that windowner knows, and for `spans` or `tags`.
    encoding
        Encoding of the text; "" is UTF-8, or what a byte order mark says.
    cache_mb
        Megabytes of each process for what was computed for words, so that it need not be computed again.
    options
        How the stream is read, as its beginning says; None if nobody has looked at it.
    stretch
        Tokens of a stretch of a document at the beginning of the stream, if it is a part of another one; 0 for what the
        model says.
    """

    model: str | AnyPath
    name: str = "<stdin>"
    input_format: str = "columns"
    output_format: str = "columns"
    scheme: str = "IOB2"
    scores: bool = False
    tag_probabilities: bool = False
    min_probability: float | None = None
    rules: str = ""
    token_column: int | None = None
    text_column: str = ""
    new_column: str = ""
    encoding: str = ""
    cache_mb: float = CACHE_MB
    options: ReadOptions | None = None
    stretch: int = 0

    def options_from(self, line: int) -> ReadOptions | None:
        """Return the options for a part of the stream that begins at a line; None if they are not known."""
        return None if self.options is None else replace(self.options, first_line=line)

    @property
    def keeps_line_ends(self) -> bool:
        """Whether the line ends of the stream are characters of a text."""
        return self.input_format == "document"


class SharedTagger:
    """The tagger of a task, for this process and its workers.

    A forked worker inherits the tagger if it was loaded before. To any other worker the task alone is sent, and the
    tagger is loaded there from its file.
    """

    def __init__(self, task: TagTask):
        self.task = task
        self._tagger: Tagger | None = None

    def load(self) -> Tagger:
        """Return the tagger; its file is read at the first call in a process."""
        keep_freed_memory()
        if self._tagger is None:
            rules = Rules.read(self.task.rules) if self.task.rules else None
            self._tagger = Tagger.load(self.task.model, self.task.cache_mb, rules)
        return self._tagger

    def __reduce__(self) -> tuple[Any, ...]:
        return SharedTagger, (self.task,)


def settle_formats(task: TagTask, stream: BinaryIO, token_column: int) -> tuple[TagTask, BinaryIO]:
    """Return the task with the formats that it left open, and the stream from its first byte on.

    A file or a pipe is what its content says; `.conll` and a column of tokens exclude lines of text. `token_column` is
    that of the model's training files.

    Raises
    ------
    DataError
        If the content is neither clearly columns nor clearly text, or is no Parquet where Parquet is to be written.
    """
    if task.input_format in ("", PARQUET) and task.output_format in ("", PARQUET):
        if is_parquet(head_of(stream, task.name)):
            return replace(task, input_format=PARQUET, output_format=PARQUET), stream
    if task.output_format == PARQUET or task.text_column or task.new_column:
        raise DataError(f"{task.name}: no Parquet, expected it for --output parquet, --text-column and --new-column")
    form, stream = recognise_stream(stream, task.name, task.input_format, has_columns=bool(task.token_column))
    if form not in AT_ONCE:  # a named format; more rows may say something else of its columns
        stream = awaited(stream, task.name, is_head)
    written = task.output_format or {JSON_LINES: JSON_LINES, "records": SPANS, SPANS: SPANS}.get(form, COLUMNS)
    column = token_column if task.token_column is None else task.token_column
    options = ReadOptions(column, None)
    if form not in TEXT_READERS:
        _, options = sniff(stream, task.name, form, options)
    column = options.token_column
    return replace(task, input_format=form, output_format=written, token_column=column, options=options), stream
