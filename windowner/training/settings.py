"""The `[train]` section of a config."""

from dataclasses import dataclass
from math import ceil
from typing import Annotated, Literal

from msgspec import Meta

from windowner.network.settings import LARGE

LEAST_EPOCHS, MOST_EPOCHS, LEAST_WORDS = 15, 100, 600_000
"""Bounds of `epochs = "auto"`, and the number of words that the epochs together should have."""

LONG_EPOCHS = 25
"""Epochs of `epochs = "long"` for a large training text."""

SHORT = 0.1
"""Epochs of `epochs = "short"`, as a share of those of `"auto"`."""

BATCH, SMALL_BATCH = 256, 128
"""Windows per batch of `batch = "auto"`: for a large training text, and for others."""

NETWORKS = 2
"""Networks of `ensemble = "auto"` for a training text that is not large."""


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """Settings of the training."""

    seed: Annotated[
        int, Meta(ge=0, description="Seed of everything that is drawn at random: weights, order of sentences, dropout.")
    ] = 0
    epochs: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)] | Literal["auto", "long", "short"],
        Meta(
            description=f'Largest number of passes over the training text. `"auto"` takes {LEAST_EPOCHS}. For a short '
            f"text it takes as many passes as give {LEAST_WORDS:,} words together, but at most {MOST_EPOCHS}. "
            f'`"long"` takes {LONG_EPOCHS} where the text has at least {LARGE:,} words, and is `"auto"` elsewhere. '
            '`"short"` takes a tenth of those of `"auto"`. It is the default of a training that goes on (`--init`).',
        ),
    ] = "auto"
    patience: Annotated[
        int,
        Meta(
            ge=0,
            description="Training stops after this many epochs without a better entity F1 on dev. 0 is off: training "
            "runs for all epochs, and the learning rate falls to its final value.",
        ),
    ] = 0
    batch: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000_000)] | Literal["auto"],
        Meta(
            description="About this many windows per batch. A batch consists of whole sentences. "
            f'`"auto"` takes {SMALL_BATCH}, or {BATCH} where the training text has at least {LARGE:,} words.'
        ),
    ] = BATCH
    optimizer: Annotated[
        Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"],
        Meta(description="The update rule. Of tables it changes only the rows that the batch touched."),
    ] = "adam"
    learning_rate: Annotated[
        float, Meta(gt=0, description="The highest learning rate. The schedule and the warm-up lower it.")
    ] = 0.002
    word_rate: Annotated[
        float, Meta(ge=0, description="Learning rate of word vectors as a share of `learning_rate`.")
    ] = 1.0
    thaw: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description='Share of all steps during which `vectors.mode = "frozen-then-fine-tuned"` keeps the '
            "pretrained vectors as they are. Then it fine-tunes them, at the rate of that step.",
        ),
    ] = 0.5
    feature_rate: Annotated[
        float, Meta(ge=0, description="Learning rate of the features' tables as a share of `learning_rate`.")
    ] = 0.3
    schedule: Annotated[
        Literal["constant", "linear", "halving", "exponential", "inverse", "cosine", "cyclic"],
        Meta(description="How the learning rate changes between `learning_rate` and `learning_rate * final_rate`."),
    ] = "linear"
    final_rate: Annotated[
        float, Meta(gt=0, le=1, description="Learning rate at the end of training as a share of `learning_rate`.")
    ] = 0.05
    warmup: Annotated[
        float, Meta(ge=0, le=1, description="Share of all steps during which the learning rate rises from 0.")
    ] = 0.0
    ensemble: Annotated[
        Annotated[int, Meta(ge=1, le=20)] | Literal["auto"],
        Meta(
            description="Number of networks that are trained, one after the other. They are merged into one network, "
            "whose scores are the mean of their scores (`network/folding.py`). Training time and model size grow in "
            f'proportion. `"auto"` takes {NETWORKS}, or 1 where the training text has at least {LARGE:,} words.',
        ),
    ] = 1
    fit_threshold: Annotated[
        bool,
        Meta(
            description="After training, choose how far O's score is lowered so that dev F1 is best. Without this, "
            "too few entities are found in unfamiliar text."
        ),
    ] = True
    refit: Annotated[
        bool,
        Meta(
            description="When epoch, threshold and temperature are chosen on dev, train once more, on train and dev "
            "together, for as many steps. That model is kept. The scores on dev are those of the first model, because "
            "the kept one has seen dev. The scores on test are those of the kept model."
        ),
    ] = False
    clip: Annotated[
        float,
        Meta(
            ge=0,
            description="Largest global norm of a batch's gradients. Larger gradients are scaled down to it. 0 is off.",
        ),
    ] = 0.0
    weight_decay: Annotated[
        float,
        Meta(
            ge=0,
            description="Weight decay of `adamw`: each step multiplies W and U by `1 - learning rate * weight_decay`.",
        ),
    ] = 0.01
    update: Annotated[
        tuple[Literal["words", "features", "W", "b1", "U", "b2", "chain"], ...],
        Meta(
            min_length=1,
            description="Groups of parameters that are trained. All others keep their first values. `chain` belongs "
            "to the sentence-level loss. Training any subset lowers the loss, so a falling loss does not show that the "
            "gradients are right (docs/lecture.md).",
        ),
    ] = ("words", "features", "W", "b1", "U", "b2", "chain")
    l2: Annotated[float, Meta(ge=0, description="Strength of the L2 penalty l2/2 (|W|^2 + |U|^2).")] = 1e-5
    dropout_hidden: Annotated[
        float, Meta(ge=0, lt=1, description="Probability that a hidden unit is dropped. It is drawn per window.")
    ] = 0.5
    dropout_input: Annotated[
        float,
        Meta(
            ge=0, lt=1, description="Probability that a number of a form's row of X is dropped. It is drawn per batch."
        ),
    ] = 0.3

    def passes(self, words: int) -> int:
        """Return the largest number of epochs for a training text with this many words."""
        if isinstance(self.epochs, int):
            return self.epochs
        if self.epochs == "long" and words >= LARGE:
            return LONG_EPOCHS
        epochs = min(MOST_EPOCHS, max(LEAST_EPOCHS, ceil(LEAST_WORDS / words)))
        return max(1, round(SHORT * epochs)) if self.epochs == "short" else epochs

    def windows(self, words: int) -> int:
        """Return the windows per batch for a training text with this many words."""
        if self.batch != "auto":
            return self.batch
        return BATCH if words >= LARGE else SMALL_BATCH

    def networks(self, words: int) -> int:
        """Return the number of networks for a training text with this many words."""
        if self.ensemble != "auto":
            return self.ensemble
        return 1 if words >= LARGE else NETWORKS
