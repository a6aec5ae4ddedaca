"""What the description in a model file must hold; bounds are checked when it is read."""

from typing import Annotated, Any, NotRequired, TypedDict

import msgspec

from windowner.inputs.tables import Table
from windowner.text.choosing import DEFAULT


class FeatureDescription(msgspec.Struct):
    """A table's feature, as the file describes it."""

    kind: str
    argument: str = ""


class TableDescription(msgspec.Struct):
    """A table, as the file describes it; without a feature it holds word vectors."""

    name: str
    trainable: int
    feature: FeatureDescription | None = None


Count = Annotated[int, msgspec.Meta(ge=0)]


class Text(TypedDict):
    """A text that a model comes from, or a model that its training started from. Of a model there are no sizes."""

    file: str
    blake2b: str
    sentences: NotRequired[Count]
    tokens: NotRequired[Count]


class Source(TypedDict):
    """Word vectors that a model comes from."""

    source: str
    blake2b: str
    words: Count
    size: Count


class SecondTraining(TypedDict):
    """The training on train and dev together."""

    sentences: Count


class Provenance(TypedDict, total=False):
    """What is read of the provenance. It may hold further keys."""

    data: dict[str, Text]
    vectors: Source
    further_vectors: list[Source]
    best_epoch: Count
    refit: SecondTraining


class Description(msgspec.Struct):
    """What the description in a model file must hold."""

    config: dict[str, Any]
    tags: list[str]
    tables: list[TableDescription]
    temperature: Annotated[float, msgspec.Meta(gt=0, le=1e3)]
    threshold: Annotated[float, msgspec.Meta(ge=-1e3, le=1e3)]
    provenance: dict[str, Any]
    tokenizer: str = DEFAULT
    cutoffs: dict[str, Annotated[float, msgspec.Meta(ge=0, le=1)]] = {}


def describe_table(table: Table) -> TableDescription:
    """Return the description of a table."""
    feature = table.feature
    described = None if feature is None else FeatureDescription(feature.kind, feature.argument)
    return TableDescription(table.name, table.trainable, described)
