"""The `[vectors]` and `[features]` sections of a config."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

Length = Annotated[int, Meta(ge=1, le=10)]


@dataclass(frozen=True, kw_only=True)
class VectorSet:
    """A further set of word vectors, beside the first."""

    source: Annotated[str, Meta(min_length=1)]
    mode: Literal["frozen", "fine-tuned"] = "frozen"


@dataclass(frozen=True, kw_only=True)
class VectorsSettings:
    """Where word vectors come from, and whether training may move them."""

    source: Annotated[
        str,
        Meta(
            description='`"glove-6b-50d"` (the `glove` extra), or a file: GloVe or word2vec text (also `.gz`), '
            "word2vec `.bin`, gensim `.kv`, fastText `.vec`. Empty: random vectors, which cost accuracy."
        ),
    ] = ""
    mode: Annotated[
        Literal["auto", "frozen", "fine-tuned"],
        Meta(
            description="`frozen` keeps pretrained vectors as they are, `fine-tuned` trains those of the words in the "
            "training data. `auto` follows the lecture: frozen below 200,000 training words, else fine-tuned; on the "
            "bundled corpora, all smaller, fine-tuned is at least as good (docs/results.md)."
        ),
    ] = "fine-tuned"
    keep: Annotated[
        Annotated[int, Meta(ge=0)] | Literal["all"],
        Meta(
            description="Most frequent pretrained vectors that the model keeps besides those of the corpus's words, so "
            'that it knows words that the training data lacks: a number, or `"all"`.'
        ),
    ] = 100_000
    tune_count: Annotated[
        int,
        Meta(
            ge=1,
            description="Least number of times that a word stands in the training data for its pretrained vector to be "
            "fine-tuned; rarer words keep theirs.",
        ),
    ] = 1
    size: Annotated[int, Meta(ge=1, description="Dimensions of the random vectors that stand in for a source.")] = 50
    more: Annotated[
        tuple[VectorSet, ...],
        Meta(
            description='Further sets of vectors, put side by side with the first: `[{source = "own.vec", mode = '
            '"frozen"}]`. A set may stand beside itself: frozen, it still says what fine-tuning moves away from.'
        ),
    ] = ()
    unk_rate: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="Probability that a rare word is read as UNK, drawn per batch. It trains the UNK row.",
        ),
    ] = 0.3
    unk_count: Annotated[
        int, Meta(ge=0, description="A word is rare when it stands at most this often in the training data.")
    ] = 5


@dataclass(frozen=True, kw_only=True)
class FeaturesSettings:
    """What a word's written form tells besides its vector: the dimensions of each feature's table; 0 is off."""

    capitals: Annotated[
        int, Meta(ge=0, description="Dimensions of the capitalisation class (lower, Title, UPPER, miXed, ...).")
    ] = 5
    shape: Annotated[
        int, Meta(ge=0, description="Dimensions of the word shape (`GloVe-6B` is `XxXx-dX`: repeats are collapsed).")
    ] = 10
    prefixes: Annotated[tuple[Length, ...], Meta(description="Lengths of the prefixes, in characters.")] = (2, 3)
    suffixes: Annotated[tuple[Length, ...], Meta(description="Lengths of the suffixes, in characters.")] = (2, 3)
    affix_size: Annotated[int, Meta(ge=0, description="Dimensions of each prefix and suffix.")] = 10
    sentence_casing: Annotated[
        int,
        Meta(
            ge=0,
            description="Dimensions of how the whole sentence is cased (lower, mixed, title, upper): in a headline a "
            "capital says little.",
        ),
    ] = 0
    min_count: Annotated[
        int,
        Meta(ge=1, description="A feature value of fewer distinct training forms is read as that feature's UNK value."),
    ] = 3
    ngrams: Annotated[int, Meta(ge=0, description="Dimensions of the table of character n-grams.")] = 0
    ngram_lengths: Annotated[
        tuple[Length, ...],
        Meta(min_length=1, description="Lengths of the n-grams, in characters, `<` and `>` at the edges counted."),
    ] = (3, 4)
    ngram_buckets: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000_000,
            description="Rows of the table of n-grams; n-grams are hashed to them, and some share one.",
        ),
    ] = 50_000
    gazetteers: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        Meta(
            description="Files of names: one a line, its tokens parted by spaces, then a tab and its type. The place "
            "(B, I, E, S) of a token in the longest matching name of each type is a feature. The model keeps the names."
        ),
    ] = ()
    gazetteer_train: Annotated[
        int,
        Meta(
            ge=0,
            description="Entities that the training data holds at least so often are names too; 0 is off. From 2 on, "
            "no entity is matched because of itself alone.",
        ),
    ] = 0
    gazetteer_size: Annotated[int, Meta(ge=1, description="Dimensions of the position in each type's names.")] = 5
