"""The parts of a tagger from a model file's description and arrays, checked to fit together.

E.NAME        a table, (V, D); row 0 is the padding, row 1 what is unknown
values.NAME   what its rows 2, 3, ... stand for, where that is not computed
W, b1, U, b2  the network, and `transition`, `start`, `end` with the sentence-level loss
gazetteer     names that are matched, where there are any
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array
from windowner.config.loading import Config, make_config
from windowner.inputs.context import casing_feature
from windowner.inputs.features import Feature, form_features
from windowner.inputs.gazetteer import Gazetteer, parse_entries
from windowner.inputs.ngrams import ngram_bag
from windowner.inputs.vector_sets import set_features
from windowner.network.chain.scores import CHAIN, Chain
from windowner.network.model import WindowNetwork
from windowner.tagger.model_file import unpack_strings

Arrays = Mapping[str, Array]
WEIGHTS = {"W": 3, "b1": 1, "U": 2, "b2": 1}  # arrays of the network that are no tables, and their dimensions


class Description(msgspec.Struct):
    """What the description in a model file must hold."""

    config: dict[str, Any]
    tags: list[str]
    trainable: dict[str, int]
    temperature: Annotated[float, msgspec.Meta(gt=0, le=1e3)] = 1.0  # what older files lack
    threshold: Annotated[float, msgspec.Meta(ge=-1e3, le=1e3)] = 0.0


@dataclass(frozen=True)
class Parts:
    """What a tagger is made of; see `Tagger`."""

    network: WindowNetwork
    tags: list[str]
    words: list[str]
    values: list[list[str]]
    config: Config
    temperature: float
    gazetteer: Gazetteer | None
    threshold: float


def single_features(config: Config, gazetteer: Gazetteer | None) -> list[Feature]:
    """Return everything besides the first set of word vectors of which a form has one row, in the tables' order."""
    matches = [] if gazetteer is None else gazetteer.features(config.features.gazetteer_size)
    of_sentence = casing_feature(config.features.sentence_casing)
    return [*set_features(config.vectors), *form_features(config.features), *of_sentence, *matches]


def read_parts(description: dict[str, Any], arrays: Arrays) -> Parts:
    """Return the parts.

    Raises
    ------
    ValueError, ConfigError, DataError
        One is missing, or they do not fit together.
    """
    told = msgspec.convert(description, Description)
    config = make_config(told.config, "its config")
    gazetteer = _read_gazetteer(config, arrays)
    names = ["words", *(feature.name for feature in single_features(config, gazetteer))]
    tables, values = _read_tables(config, names, arrays)
    network = WindowNetwork(
        tables=tables,
        **{name: _part(arrays, name, np.float32, dimensions) for name, dimensions in WEIGHTS.items()},
        nonlinearity=config.model.nonlinearity,
        trainable=told.trainable,
        chain=_read_chain(config, arrays),
        smoothing=config.model.label_smoothing,
        bags={name: columns for name, (*_, columns) in ngram_bag(config.features).items()},
    )
    network.check_shapes(len(told.tags))
    return Parts(network, told.tags, values[0], values[1:], config, told.temperature, gazetteer, told.threshold)


def _read_gazetteer(config: Config, arrays: Arrays) -> Gazetteer | None:
    if not config.features.gazetteers and not config.features.gazetteer_train:
        return None
    return Gazetteer(parse_entries(unpack_strings(_part(arrays, "gazetteer", np.uint8, 1)), "gazetteer"))


def _read_chain(config: Config, arrays: Arrays) -> Chain | None:
    if config.model.loss == "word":
        return None
    return Chain(**{name: _part(arrays, name, np.float32, d) for name, d in zip(CHAIN, (2, 1, 1), strict=True)})


def _read_tables(config: Config, names: list[str], arrays: Arrays) -> tuple[dict[str, Array], list[list[str]]]:
    """Return all tables, and what the rows of those with a row a form stand for."""
    bags = ngram_bag(config.features)
    tables = {name: _part(arrays, f"E.{name}", np.float32, 2) for name in (*names, *bags)}
    values = [unpack_strings(_part(arrays, f"values.{name}", np.uint8, 1)) for name in names]
    for name, strings in zip(names, values, strict=True):
        if len(tables[name]) != len(strings) + 2:
            raise ValueError(f"E.{name} has {len(tables[name])} rows for {len(strings)} values")
    for name, (rows, *_) in bags.items():
        if len(tables[name]) != rows:
            raise ValueError(f"E.{name} has {len(tables[name])} rows, expected {rows}")
    return tables, values


def _part(arrays: Arrays, name: str, dtype: DTypeLike, dimensions: int) -> Array:
    array = arrays.get(name)
    if array is None:
        raise ValueError(f"{name} is missing")
    if array.dtype != dtype or array.ndim != dimensions:
        expected = f"{np.dtype(dtype)} of {dimensions} dimension{'s' if dimensions > 1 else ''}"
        raise ValueError(f"{name} is {array.dtype} of the shape {array.shape}, expected {expected}")
    return array
