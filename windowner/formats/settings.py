"""The `[data]` section of a config."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta


@dataclass(frozen=True, kw_only=True)
class DataSettings:
    """Which text is read, and how it is read."""

    train: Annotated[
        str, Meta(min_length=1, description="Labelled sentences to train on: a column file or JSON Lines (`.jsonl`).")
    ]
    dev: Annotated[
        str,
        Meta(
            description="Labelled sentences that choose the best epoch. Empty: every tenth training sentence, drawn "
            "with the seed, is held out instead."
        ),
    ] = ""
    fraction: Annotated[
        float,
        Meta(
            gt=0,
            le=1,
            description="Share of the training sentences that is trained on, drawn with `train.seed`. With one seed a "
            "smaller share is part of every larger one.",
        ),
    ] = 1.0
    test: Annotated[str, Meta(description="Labelled sentences that are scored once, when training is over.")] = ""
    obtain: Annotated[str, Meta(description="How the files are obtained; said when one of them is missing.")] = ""
    token_column: Annotated[int, Meta(description="Column of the token; 0 is the first, -1 the last.")] = 0
    tag_column: Annotated[int, Meta(description="Column of the tag; 0 is the first, -1 the last.")] = -1
    scheme: Annotated[
        Literal["BIOES", "BILOU", "IOB2", "IOB1", "IO"],
        Meta(
            description="Tag scheme that the network is trained on, whatever the files hold. BIOES tells one-word "
            "entities and last words apart, which a window can see."
        ),
    ] = "BIOES"
