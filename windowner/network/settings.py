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
    hidden: Annotated[int, Meta(ge=1, description="Hidden units H.")] = 150
    nonlinearity: Annotated[
        Literal["tanh", "sigmoid", "hard-tanh", "relu", "leaky-relu", "swish"],
        Meta(description="Nonlinearity f of the hidden layer."),
    ] = "relu"
    loss: Annotated[
        Literal["word", "sentence"],
        Meta(
            description="What is made probable: `word`, each tag for itself (cross-entropy; illegal tag sequences are "
            "ruled out when decoding), or `sentence`, the sentence's whole tag sequence, with learned scores of "
            "neighbouring tags (a linear chain; Collobert et al. 2011)."
        ),
    ] = "sentence"
    decoding: Annotated[
        Literal["posterior", "viterbi"],
        Meta(
            description="With the sentence-level loss, which legal tag sequence is chosen: `posterior`, the one whose "
            "tags are most probable one by one, or `viterbi`, the one that is most probable as a whole."
        ),
    ] = "posterior"
    label_smoothing: Annotated[
        float,
        Meta(ge=0, lt=1, description="Share of each target that the word-level loss spreads evenly over all tags."),
    ] = 0.0
    initializer: Annotated[
        Literal["auto", "glorot-uniform", "glorot-normal", "he", "lecun", "zeros"],
        Meta(
            description="First values of W. `auto` is the one that suits the nonlinearity: he for the ReLU family and "
            "swish, else glorot-uniform. `zeros` is refused, with the reason. U is always glorot-uniform, biases are 0."
        ),
    ] = "auto"
