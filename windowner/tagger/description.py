"""What the description in a model file must hold; bounds are checked when it is read."""

from typing import Annotated, Any

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
