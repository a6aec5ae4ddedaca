"""The `[train]` section of a config."""

from dataclasses import dataclass
from math import ceil
from typing import Annotated, Literal

from msgspec import Meta

# Where epochs are not set: at least 15 passes, and on a small corpus so many that 600,000 words are trained on.
LEAST_EPOCHS, MOST_EPOCHS, LEAST_WORDS = 15, 100, 600_000


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """How the network is trained."""

    seed: Annotated[int, Meta(ge=0, description="Seed of everything that is drawn: weights, order, dropout.")] = 0
    epochs: Annotated[
        Annotated[int, Meta(ge=1)] | Literal["auto"],
        Meta(
            description=f'Passes over the training text, at most. `"auto"`: {LEAST_EPOCHS}, and where the text '
            f"is short as many as make {LEAST_WORDS:,} words, up to {MOST_EPOCHS}."
        ),
    ] = "auto"
    patience: Annotated[
        int,
        Meta(
            ge=0,
            description="Epochs without a better dev entity F1 after which training stops; 0 is off, and the learning "
            "rate falls to its end.",
        ),
    ] = 0
    batch: Annotated[int, Meta(ge=1, description="Windows a batch, about: a batch is made of whole sentences.")] = 256
    optimizer: Annotated[
        Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"],
        Meta(description="Update rule; it touches only the table rows that the batch touched."),
    ] = "adam"
    learning_rate: Annotated[
        float, Meta(gt=0, description="Learning rate, which the schedule and the warm-up lower.")
    ] = 0.002
    word_rate: Annotated[
        float, Meta(ge=0, description="Learning rate of word vectors as a share of `learning_rate`.")
    ] = 1.0
    feature_rate: Annotated[
        float, Meta(ge=0, description="Learning rate of the features' tables as a share of `learning_rate`.")
    ] = 0.3
    schedule: Annotated[
        Literal["constant", "linear", "halving", "exponential", "inverse", "cosine", "cyclic"],
        Meta(description="How the learning rate goes from `learning_rate` to `learning_rate * final_rate`."),
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
            description="Networks that are trained one after the other and folded into one, which scores with their "
            "mean (`network/folding.py`); training time and the size of the model grow with it.",
        ),
    ] = 1
    average: Annotated[
        float,
        Meta(
            ge=0,
            description="Horizon, in epochs, of the moving average of all parameters that is scored on dev and kept in "
            "the model; 0 keeps the parameters themselves.",
        ),
    ] = 0.0
    fit_threshold: Annotated[
        bool,
        Meta(
            description="When training is over, fit by how much O has to be more probable than it takes, so that "
            "entity F1 on dev is best (`threshold.py`): of itself the network finds too few entities where dev is "
            "unlike the training text."
        ),
    ] = True
    clip: Annotated[
        float, Meta(ge=0, description="Largest global norm of a batch's gradients; longer ones are cut. 0 is off.")
    ] = 0.0
    weight_decay: Annotated[
        float, Meta(ge=0, description="Weight decay of `adamw`: each step shrinks W and U by this times its rate.")
    ] = 0.01
    update: Annotated[
        tuple[Literal["words", "features", "W", "b1", "U", "b2", "chain"], ...],
        Meta(
            min_length=1,
            description="Parameter blocks that are trained; all others keep their first values. `chain` is the "
            "sentence-level loss's. Any subset lowers the loss, which is why a wrong gradient goes unnoticed "
            "(docs/lecture.md).",
        ),
    ] = ("words", "features", "W", "b1", "U", "b2", "chain")
    l2: Annotated[float, Meta(ge=0, description="Strength of the L2 penalty l2/2 (|W|^2 + |U|^2).")] = 1e-5
    dropout_hidden: Annotated[
        float, Meta(ge=0, lt=1, description="Probability that a hidden unit is dropped, drawn per window.")
    ] = 0.5
    dropout_input: Annotated[
        float, Meta(ge=0, lt=1, description="Probability that a number of a form's row X is dropped, drawn per batch.")
    ] = 0.3

    def passes(self, words: int) -> int:
        """Return how many passes over so many training words are made at most."""
        if self.epochs != "auto":
            return self.epochs
        return min(MOST_EPOCHS, max(LEAST_EPOCHS, ceil(LEAST_WORDS / words)))
