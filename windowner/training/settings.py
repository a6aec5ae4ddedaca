"""The `[train]` section of a config."""

from dataclasses import dataclass
from math import ceil
from typing import Annotated, Literal

from msgspec import Meta

# Where epochs are not set: at least 15 passes, and on a small corpus as many as make 600,000 words.
LEAST_EPOCHS, MOST_EPOCHS, LEAST_WORDS = 15, 100, 600_000


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """How the network is trained."""

    seed: Annotated[int, Meta(ge=0, description="Seed of everything that is drawn: weights, order, dropout.")] = 0
    epochs: Annotated[
        Annotated[int, Meta(ge=1)] | Literal["auto"],
        Meta(
            description=f'Largest number of passes over the training text. `"auto"`: {LEAST_EPOCHS}, and over a short '
            f"text as many as make {LEAST_WORDS:,} words, up to {MOST_EPOCHS}."
        ),
    ] = "auto"
    patience: Annotated[
        int,
        Meta(
            ge=0,
            description="Training stops after this many epochs without a better entity F1 on dev. 0 is off: all epochs "
            "are trained, and the learning rate falls to its final value.",
        ),
    ] = 0
    batch: Annotated[
        int, Meta(ge=1, description="About how many windows a batch has; it is made of whole sentences.")
    ] = 256
    optimizer: Annotated[
        Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"],
        Meta(description="Update rule. It changes only the table rows that the batch touched."),
    ] = "adam"
    learning_rate: Annotated[
        float, Meta(gt=0, description="Highest learning rate; the schedule and the warm-up lower it.")
    ] = 0.002
    word_rate: Annotated[
        float, Meta(ge=0, description="Learning rate of word vectors as a share of `learning_rate`.")
    ] = 1.0
    feature_rate: Annotated[
        float, Meta(ge=0, description="Learning rate of the features' tables as a share of `learning_rate`.")
    ] = 0.3
    schedule: Annotated[
        Literal["constant", "linear", "halving", "exponential", "inverse", "cosine", "cyclic"],
        Meta(description="How the learning rate changes from `learning_rate` to `learning_rate * final_rate`."),
    ] = "linear"
    final_rate: Annotated[
        float, Meta(gt=0, le=1, description="Learning rate of the last epoch as a share of the first.")
    ] = 0.05
    warmup: Annotated[
        float, Meta(ge=0, le=1, description="Share of all steps over which the learning rate first rises from 0.")
    ] = 0.0
    ensemble: Annotated[
        int,
        Meta(
            ge=1,
            le=20,
            description="How many networks are trained, one after the other. They are folded into one network that "
            "scores with their mean (`network/folding.py`). Training time and model size grow in proportion.",
        ),
    ] = 1
    fit_threshold: Annotated[
        bool,
        Meta(
            description="After training, choose how far O's score is lowered so that dev F1 is best; otherwise too few "
            "entities are found in unfamiliar text."
        ),
    ] = True
    clip: Annotated[
        float,
        Meta(
            ge=0,
            description="Largest global norm of a batch's gradients; larger gradients are scaled down to it. 0 is off.",
        ),
    ] = 0.0
    weight_decay: Annotated[
        float,
        Meta(ge=0, description="Weight decay of `adamw`: each step shrinks W and U by this times the learning rate."),
    ] = 0.01
    update: Annotated[
        tuple[Literal["words", "features", "W", "b1", "U", "b2", "chain"], ...],
        Meta(
            min_length=1,
            description="Groups of parameters that are trained; all others keep their first values. `chain` belongs "
            "to the sentence-level loss. Training any subset lowers the loss, which is why a wrong gradient goes "
            "unnoticed (docs/lecture.md).",
        ),
    ] = ("words", "features", "W", "b1", "U", "b2", "chain")
    l2: Annotated[float, Meta(ge=0, description="Strength of the L2 penalty l2/2 (|W|^2 + |U|^2).")] = 1e-5
    dropout_hidden: Annotated[
        float, Meta(ge=0, lt=1, description="Probability that a hidden unit is dropped, drawn per window.")
    ] = 0.5
    dropout_input: Annotated[
        float,
        Meta(ge=0, lt=1, description="Probability that a number of a form's row of X is dropped, drawn per batch."),
    ] = 0.3

    def passes(self, words: int) -> int:
        """Return the largest number of passes over this many training words."""
        if self.epochs != "auto":
            return self.epochs
        return min(MOST_EPOCHS, max(LEAST_EPOCHS, ceil(LEAST_WORDS / words)))
