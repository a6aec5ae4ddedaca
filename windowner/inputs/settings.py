"""The `[features]` section of a config."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

Length = Annotated[int, Meta(ge=1, le=10)]


@dataclass(frozen=True, kw_only=True)
class FeaturesSettings:
    """The features of a form: the dimensions of each feature's table. 0 switches a feature off."""

    capitals: Annotated[
        int,
        Meta(ge=0, description="Dimensions of the capitalisation class (lower, Title, UPPER, miXed, ...). 0 is off."),
    ] = 5
    shape: Annotated[
        int,
        Meta(
            ge=0,
            description="Dimensions of the word shape (`XxXx-dX` for `GloVe-6B`: repeats are collapsed). 0 is off.",
        ),
    ] = 10
    prefixes: Annotated[tuple[Length, ...], Meta(description="Lengths of the prefixes, in characters.")] = (2, 3)
    suffixes: Annotated[tuple[Length, ...], Meta(description="Lengths of the suffixes, in characters.")] = (2, 3)
    affix_size: Annotated[int, Meta(ge=0, description="Dimensions of each prefix and suffix. 0 is off.")] = 10
    characters: Annotated[
        Annotated[int, Meta(ge=0, le=1000)] | Literal["auto"],
        Meta(
            description="Filters of the character network. Each filter gives a form one number, the largest over its "
            'stretches of three characters. 0 is off. `"auto"` takes 30 if there are no pretrained vectors, or if at '
            "least half of the entity words are in lower case, as names of diseases are. Otherwise it takes 0."
        ),
    ] = 0
    min_count: Annotated[
        int,
        Meta(
            ge=1,
            description="A feature value has a row of its own if at least this many distinct training forms have the "
            "value. Other values read the UNK row of the feature's table.",
        ),
    ] = 3
    gazetteers: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        Meta(
            description="Files of names. Each line holds a name, a tab and the name's type. The tokens of the "
            "name are separated by spaces. The longest matching name of each type is found. The position of a token in "
            "it (B, I, E or S) is a feature. The model file holds the names."
        ),
    ] = ()
    gazetteer_train: Annotated[
        int,
        Meta(
            ge=0,
            description="Entities that occur at least this often in the training data are names too. 0 is off. Use at "
            "least 2, or every training entity matches itself.",
        ),
    ] = 0
    gazetteer_size: Annotated[
        int, Meta(ge=1, description="Dimensions of the position in a name, for each type of names.")
    ] = 5
