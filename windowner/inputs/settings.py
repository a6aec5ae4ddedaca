"""The `[features]` section of a config."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

Length = Annotated[int, Meta(ge=1, le=10)]


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
    min_count: Annotated[
        int,
        Meta(
            ge=1,
            description="A feature value that fewer distinct training forms have is read as that feature's UNK value.",
        ),
    ] = 3
    gazetteers: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        Meta(
            description="Files of names. A line holds the name's tokens with spaces between them, a tab, and the "
            "name's type. The longest matching name of each type is found, and the position of a token in it (B, I, E, "
            "S) is a feature. The model keeps the names."
        ),
    ] = ()
    gazetteer_train: Annotated[
        int,
        Meta(
            ge=0,
            description="Entities that occur at least this often in the training data are names too; 0 is off. Use at "
            "least 2, or every training entity matches itself.",
        ),
    ] = 0
    gazetteer_size: Annotated[int, Meta(ge=1, description="Dimensions of the position in each type's names.")] = 5
