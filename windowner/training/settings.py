"""The `[train]` section of a config."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """How the network is trained."""

    seed: Annotated[int, Meta(ge=0, description="Seed of everything that is drawn: weights, order, dropout.")] = 0
    epochs: Annotated[int, Meta(ge=1, description="Passes over the training data, at most.")] = 30
    patience: Annotated[
        int, Meta(ge=1, description="Epochs without a better dev entity F1 after which training stops.")
    ] = 8
    batch: Annotated[int, Meta(ge=1, description="Windows a batch, about: a batch is made of whole sentences.")] = 256
    optimizer: Annotated[
        Literal["sgd", "adagrad", "adam"],
        Meta(description="Update rule; it touches only the table rows that the batch touched."),
    ] = "adam"
    learning_rate: Annotated[float, Meta(gt=0, description="Learning rate of the first step.")] = 0.003
    schedule: Annotated[
        Literal["constant", "linear", "exponential", "inverse", "cosine"],
        Meta(description="How the learning rate falls from `learning_rate` to `learning_rate * final_rate`."),
    ] = "linear"
    final_rate: Annotated[
        float, Meta(gt=0, le=1, description="Learning rate of the last epoch as a share of the first.")
    ] = 0.05
    l2: Annotated[float, Meta(ge=0, description="Strength of the L2 penalty l2/2 (|W|^2 + |U|^2).")] = 1e-5
    dropout_hidden: Annotated[
        float, Meta(ge=0, lt=1, description="Probability that a hidden unit is dropped, drawn per window.")
    ] = 0.3
    dropout_input: Annotated[
        float, Meta(ge=0, lt=1, description="Probability that a number of a form's row X is dropped, drawn per batch.")
    ] = 0.3
