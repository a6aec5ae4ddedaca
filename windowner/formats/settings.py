"""The `[data]` section of a config."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from msgspec import Meta


@dataclass(frozen=True, kw_only=True)
class DataSettings:
    """The text to train and evaluate on, and its format."""

    train: Annotated[
        str,
        Meta(min_length=1, description="File of labelled text to train on, in any format of docs/formats.md."),
    ]
    dev: Annotated[
        str,
        Meta(
            description="File of labelled sentences on which the best epoch is chosen. If empty, about a tenth of the "
            "training sentences is held out for this, drawn with `train.seed`: a tenth of those with entities and a "
            "tenth of the others, or whole documents where at least 10 are marked."
        ),
    ] = ""
    fraction: Annotated[
        float,
        Meta(
            gt=0,
            le=1,
            description="Share of the training sentences to train on, drawn with `train.seed`. With the same seed, a "
            "larger share contains every smaller one.",
        ),
    ] = 1.0
    fold: Annotated[
        str,
        Meta(
            pattern=r"^([1-9][0-9]{0,3}/[1-9][0-9]{0,3})?$",
            description="`2/5` holds out the second of five folds of the labelled text, which is train and dev "
            "together. The fold is scored in place of test. Dev is then drawn from the rest, as if `dev` were empty. "
            "`windowner cv` sets this key. If empty, nothing is held out.",
        ),
    ] = ""
    test: Annotated[str, Meta(description="File of labelled sentences that are scored once, after training.")] = ""
    unlabelled_as: Annotated[
        Literal["O", "unknown"],
        Meta(
            description="What the training words outside of entities are. O: no entity. unknown: not annotated, as "
            "where somebody marked some entities and did not look for others. dev and test must be annotated fully. A "
            "tag `_`, `?`, `-` or null always means that a word is not annotated."
        ),
    ] = "O"
    entity_ratio: Annotated[
        Annotated[float, Meta(ge=0, le=1)] | Literal["auto", "off"],
        Meta(
            description="Share of the training words that are expected to be part of entities, for training text with "
            "words that are not annotated. The loss punishes a network that expects another share. auto: the share in "
            "dev, if no training word is O or data.unlabelled_as is unknown. off: nothing is expected."
        ),
    ] = "auto"
    rehearse: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="Share of the old training sentences that a training with --init sees again, mixed with the "
            "new ones. Without them a network forgets what the new text does not repeat.",
        ),
    ] = 0.0
    rehearse_from: Annotated[
        str, Meta(description="File of the old sentences. Empty: the training file of the run that --init names.")
    ] = ""
    obtain: Annotated[
        str, Meta(description="How to obtain the files; shown in the error message if a file is missing.")
    ] = ""
    token_column: Annotated[
        int, Meta(description="Column of the token in column files; 0 is the first, -1 the last.")
    ] = 0
    tag_column: Annotated[int, Meta(description="Column of the tag in column files; 0 is the first, -1 the last.")] = -1
    format: Annotated[
        Literal[
            "auto",
            "columns",
            "jsonl",
            "spans",
            "label-studio",
            "conllu",
            "webanno",
            "csv",
            "brackets",
            "brat",
            "parquet",
            "spacy",
        ],
        Meta(description="Format of the files (docs/formats.md). auto: what their content says."),
    ] = "auto"
    encoding: Annotated[
        str,
        Meta(
            description="Encoding of the files, such as `cp1252`. If empty, UTF-8, or UTF-16 where a byte order mark "
            "says so."
        ),
    ] = ""
    tag_names: Annotated[
        tuple[str, ...],
        Meta(description="Names of the tags, in order, for files that write the tags as numbers 0, 1, ..."),
    ] = ()
    tokenizer: Annotated[
        Literal["auto", "european", "european-hyphens", "unicode", "white-space"],
        Meta(
            description="What finds the tokens of raw text. The model keeps it, so training and use cannot differ. "
            "european: Penn Treebank tokens. european-hyphens: these, split at hyphens and slashes. unicode: the words "
            "of any script. auto: for a corpus of tokens, the tokenizer that agrees best with them; for raw text, "
            "european if most letters are Latin, Greek, Cyrillic, Armenian or Georgian, else unicode."
        ),
    ] = "auto"
    scheme: Annotated[
        Literal["BIOES", "BILOU", "IOB2", "IOB1", "IO"],
        Meta(
            description="Tag scheme of the network's output, whatever the scheme of the files. BIOES gives one-word "
            "entities and last words prefixes of their own, because a window can see where an entity ends."
        ),
    ] = "BIOES"

    def reading(self) -> dict[str, Any]:
        """Return how the files are read, as arguments of `read_corpus`."""
        return {
            "token_column": self.token_column,
            "tag_column": self.tag_column,
            "format": self.format,
            "encoding": self.encoding,
            "tag_names": self.tag_names,
            "tokenizer": self.tokenizer,
        }
