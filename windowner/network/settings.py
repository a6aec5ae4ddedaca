"""The `[model]` section of a config."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

HIDDEN, WIDE = 150, 300
"""Hidden units of `hidden = "auto"`: of a network, and of one for a large training text."""

LARGE = 100_000
"""Words from which a training text is large, for every setting that is "auto"."""


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """The window network's architecture."""

    radius: Annotated[
        int, Meta(ge=0, le=20, description="Words on each side of the center word; a window has 2 * radius + 1 words.")
    ] = 2
    hidden: Annotated[
        Annotated[int, Meta(ge=1)] | Literal["auto"],
        Meta(
            description=f'Hidden units H. `"auto"` takes {HIDDEN}, or {WIDE} where the training text has at least '
            f"{LARGE:,} words."
        ),
    ] = HIDDEN
    nonlinearity: Annotated[
        Literal["tanh", "sigmoid", "hard-tanh", "relu", "leaky-relu", "swish"],
        Meta(description="Nonlinearity f of the hidden layer."),
    ] = "relu"
    loss: Annotated[
        Literal["word", "sentence"],
        Meta(
            description="`word`: the cross-entropy of each word's tag. Decoding rules out illegal tag sequences. "
            "`sentence`: the log-likelihood of the sentence's whole tag sequence, with learned scores of neighbouring "
            "tags (a linear chain, Collobert et al. 2011)."
        ),
    ] = "sentence"
    decoding: Annotated[
        Literal["posterior", "viterbi"],
        Meta(
            description="The legal tag sequence that is chosen with the sentence-level loss. `posterior`: the one "
            "whose tags have the largest product of marginal probabilities. `viterbi`: the most probable sequence."
        ),
    ] = "posterior"
    initializer: Annotated[
        Literal["auto", "glorot-uniform", "glorot-normal", "he", "lecun"],
        Meta(
            description="Distribution of W before training. `auto` depends on the nonlinearity: `he` for the ReLU "
            "family and swish, `glorot-uniform` for the others. U always has `glorot-uniform`. Biases start at 0."
        ),
    ] = "auto"
    document: Annotated[
        Literal["off", "on", "auto"],
        Meta(
            description="`on`: a word's logits also depend on its other mentions in its document, whatever their case. "
            "A sentence that comes alone is tagged by an output layer of its own. `auto`: `on` where the "
            "training text has at least 20 documents, and at least a quarter of its rare words come back in their "
            "document."
        ),
    ] = "auto"
    stretch: Annotated[
        int,
        Meta(
            ge=1,
            description="Where no documents are marked, stretches of whole sentences stand in for them. A stretch ends "
            "with the sentence with which it reaches this many tokens.",
        ),
    ] = 300

    rules: Annotated[
        str,
        Meta(
            description="File of rules that stand beside the network (docs/rules.md). The model file holds them. "
            "Training does not depend on them. Empty: none."
        ),
    ] = ""

    def units(self, words: int) -> int:
        """Return H for a training text with this many words."""
        if self.hidden != "auto":
            return self.hidden
        return WIDE if words >= LARGE else HIDDEN
