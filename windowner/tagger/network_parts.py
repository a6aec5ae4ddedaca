"""The network, the gazetteer and the rules of a model file, made of its arrays.

The types, dimensions and sizes of the arrays are checked.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array
from windowner.config.config import Config
from windowner.inputs.alphabet import MARKS, Alphabet
from windowner.inputs.features import KINDS, Feature
from windowner.inputs.gazetteer import Gazetteer
from windowner.inputs.tables import FIRST, Table, group_columns
from windowner.network.chain.scores import CHAIN, Chain
from windowner.network.characters import B_NAME, E_NAME, W_NAME, CharacterNetwork
from windowner.network.document import BIAS, OTHERS, OWN, DocumentHead
from windowner.network.model import WindowNetwork
from windowner.tagger.description import Description, TableDescription
from windowner.tagger.model_file import unpack_strings
from windowner.tagger.rules.rules import Rules

WIDEST = 100.0
"""The largest difference of two scores of a chain. Divided by any temperature, it is in the range of `messages`."""

LARGEST = 1e10
"""The largest number of a network. With larger ones, scores may overflow. Training makes none of this size."""

ALPHABET = "values.characters"
"""Name of the array that holds the characters of E.characters."""

Arrays = Mapping[str, Array]


def read_network(described: Description, config: Config, arrays: Arrays) -> WindowNetwork:
    """Return the network of a model file.

    Raises
    ------
    ValueError
        An array is missing, or has another type, number of dimensions or size than the description says.
    """
    tables = [_read_table(table, arrays) for table in described.tables]
    if len({table.name for table in tables}) < len(tables):
        raise ValueError(f"the tables are {[table.name for table in tables]}, expected each name once")
    if not group_columns(tables, "words"):
        raise ValueError(f"the tables are {[table.name for table in tables]}, expected word vectors among them")
    return WindowNetwork(
        tables=tables,
        W=_part(arrays, "W", np.float32, 3),
        b1=_part(arrays, "b1", np.float32, 1),
        U=_part(arrays, "U", np.float32, 2),
        b2=_part(arrays, "b2", np.float32, 1),
        nonlinearity=config.model.nonlinearity,
        chain=_read_chain(arrays) if config.model.loss == "sentence" else None,
        document=_read_document_head(arrays) if OWN in arrays or config.model.document == "on" else None,
        characters=_read_characters(arrays)
        if E_NAME in arrays or config.features.characters not in (0, "auto")
        else None,
    )


def _read_chain(arrays: Arrays) -> Chain:
    chain = Chain(**{name: _part(arrays, name, np.float32, d) for name, d in zip(CHAIN, (2, 1, 1), strict=True)})
    if all(scores.size for scores in chain.parameters.values()) and chain.range > WIDEST:
        raise ValueError(f"scores of neighbouring tags differ by {chain.range:.4g}, expected {WIDEST:g} at most")
    return chain


def _read_document_head(arrays: Arrays) -> DocumentHead:
    return DocumentHead(*(_part(arrays, name, np.float32, d) for name, d in ((OWN, 2), (OTHERS, 2), (BIAS, 1))))


def _read_characters(arrays: Arrays) -> CharacterNetwork:
    alphabet = Alphabet(unpack_strings(_part(arrays, ALPHABET, np.uint8, 1)))
    first, expected = (", ".join(map(repr, values)) for values in (alphabet.values[: len(MARKS)], MARKS))
    if first != expected:
        raise ValueError(f"the first characters are {first}, expected {expected}")
    if len(set(alphabet.values)) < len(alphabet.values):
        raise ValueError(f"{ALPHABET} lists a character twice")
    return CharacterNetwork(
        alphabet, *(_part(arrays, name, np.float32, d) for name, d in ((E_NAME, 2), (W_NAME, 3), (B_NAME, 1)))
    )


def _read_table(described: TableDescription, arrays: Arrays) -> Table:
    name, feature = described.name, None
    if described.feature is not None:
        if described.feature.kind not in KINDS:
            raise ValueError(f"{name} is the feature {described.feature.kind!r}, expected one of {', '.join(KINDS)}")
        feature = Feature(described.feature.kind, described.feature.argument)
        feature.value("")  # a ValueError if the argument is not of the kind's
    E = _part(arrays, f"E.{name}", np.float32, 2)
    values = unpack_strings(_part(arrays, f"values.{name}", np.uint8, 1))
    if len(E) != len(values) + FIRST:
        raise ValueError(f"E.{name} has {len(E)} rows for {len(values)} values")
    if len(set(values)) < len(values):
        raise ValueError(f"values.{name} lists a value twice")
    if not 0 <= described.trainable <= len(E):
        raise ValueError(f"E.{name} has {len(E)} rows, of which {described.trainable} are trainable")
    return Table(name, E, described.trainable, values, feature)


def read_gazetteer(arrays: Arrays) -> Gazetteer:
    """Return the gazetteer of a model file. A ValueError if its array is missing or malformed."""
    return Gazetteer.from_lines(unpack_strings(_part(arrays, "gazetteer", np.uint8, 1)))


def read_rules(arrays: Arrays) -> Rules | None:
    """Return the rules of a model file, if it has some. A ValueError or a DataError if they are malformed."""
    if "rules" not in arrays:
        return None
    return Rules.from_lines(unpack_strings(_part(arrays, "rules", np.uint8, 1)), "rules")


def _part(arrays: Arrays, name: str, dtype: DTypeLike, dimensions: int) -> Array:
    array = arrays.get(name)
    if array is None:
        raise ValueError(f"{name} is missing")
    if array.dtype != dtype or array.ndim != dimensions:
        expected = f"{np.dtype(dtype)} of {dimensions} dimension{'s' if dimensions > 1 else ''}"
        raise ValueError(f"{name} is {array.dtype} of the shape {array.shape}, expected {expected}")
    if array.dtype.kind == "f" and array.size and max(array.max(), -array.min()) > LARGEST:
        raise ValueError(f"{name} holds {max(array.max(), -array.min()):.3g}, expected numbers up to {LARGEST:g}")
    return array
