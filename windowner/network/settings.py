"""The `[model]` section of a config."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """The window network's architecture."""

    radius: Annotated[
        int, Meta(ge=0, le=20, description="Words on each side of the center word; a window has 2 * radius + 1 words.")
    ] = 2
    hidden: Annotated[int, Meta(ge=1, description="Hidden units H.")] = 100
    nonlinearity: Annotated[
        Literal["tanh", "hard-tanh", "relu"], Meta(description="Nonlinearity f of the hidden layer.")
    ] = "tanh"
