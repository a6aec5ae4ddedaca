"""A model as the description and arrays of its file, and back; its parts are checked to fit together.

E.NAME        a table, (V, D); row 0 is the padding, row 1 what is unknown
values.NAME   what its rows 2, 3, ... stand for
W, b1, U, b2  the network, and `transition`, `start`, `end` with the sentence-level loss
U.own, U.others, b2.document    the document head, where the model reads documents
E.characters, values.characters, W.characters, b.characters    the character network, where the model reads characters
gazetteer     names that are matched, where there are any
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array
from windowner.config.config import Config
from windowner.config.loading import known_values, make_config
from windowner.errors import ConfigError, DataError, ModelError
from windowner.files import heal
from windowner.inputs.alphabet import MARKS, Alphabet
from windowner.inputs.features import KINDS, Feature
from windowner.inputs.gazetteer import Gazetteer
from windowner.inputs.tables import FIRST, Table, group_columns
from windowner.network.chain.scores import CHAIN, Chain
from windowner.network.characters import B_NAME, E_NAME, W_NAME, CharacterNetwork
from windowner.network.document import BIAS, OTHERS, OWN, DocumentHead
from windowner.network.model import WindowNetwork
from windowner.tagger.earlier import convert_format_1
from windowner.tagger.model import Model
from windowner.tagger.model_file import pack_strings, read_model_file, unpack_strings, write_model_file
from windowner.text.choosing import DEFAULT
from windowner.text.spans import TagTable
from windowner.text.tokenizers import find_tokenizer

MODEL_NAME = "model.safetensors"
WIDEST = 100.0
"""The largest difference of two scores of a chain. Divided by any temperature, it is in the range of `messages`."""

ALPHABET = "values.characters"
"""Name of the array that holds the characters of E.characters."""

Arrays = Mapping[str, Array]


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


def write_model(model: Model, path: str | Path) -> None:
    """Write a model file; see `model_file` for its format.

    Raises
    ------
    ModelError
        The file cannot be written.
    """
    tables = model.network.tables
    arrays = {**model.network.parameters, **{f"values.{table.name}": pack_strings(table.values) for table in tables}}
    if model.network.characters is not None:
        arrays[ALPHABET] = pack_strings(model.network.characters.alphabet.values)
    if model.gazetteer is not None:
        arrays["gazetteer"] = pack_strings(model.gazetteer.lines())
    description = Description(
        config=model.config.as_dict(),
        tags=model.tags.names,
        tables=[_describe(table) for table in tables],
        temperature=model.temperature,
        threshold=model.threshold,
        provenance=dict(model.provenance),
        tokenizer=model.tokenizer,
        cutoffs=dict(model.cutoffs),
    )
    write_model_file(Path(path), msgspec.to_builtins(description), arrays)


def read_model(path: str | Path) -> Model:
    """Return the model of a file, or of the run folder that holds one.

    Raises
    ------
    ModelError
        There is no model, or its file is damaged, truncated, foreign, or of a newer format version.
    """
    path = Path(path)
    heal(path.parent if path.name == MODEL_NAME else path)
    path = path / MODEL_NAME if path.is_dir() else path
    description, arrays = read_model_file(path)
    try:
        return make_model(description, arrays)
    except ConfigError as error:
        raise ModelError(f"{path}: {error}") from None
    except (ValueError, DataError) as error:
        raise ModelError(f"{path}: the parts of the model do not fit together: {error}") from None


def make_model(description: dict[str, Any], arrays: Arrays) -> Model:
    """Return the model of a description and its arrays.

    Raises
    ------
    ValueError, ConfigError, DataError
        A part is missing, or the parts do not fit together.
    """
    if description["format"] < 2:
        description = convert_format_1(description, arrays)
    described = msgspec.convert(description, Description)
    config = make_config(known_values(described.config), "its config", trained=True)
    network = _read_network(described, config, arrays)
    network.check_shapes(len(described.tags))
    tags = TagTable.of(described.tags)
    if "O" not in tags.names:
        raise ValueError(f"the tags are {', '.join(tags.names)}, expected O among them")
    unknown = described.cutoffs.keys() - set(tags.types)
    if unknown:
        raise ValueError(f"a cutoff of the type {min(unknown)}, expected types among {', '.join(tags.types)}")
    matched = any(table.feature is not None and table.feature.reads_matches for table in network.tables)
    return Model(
        network=network,
        tags=tags,
        config=config,
        gazetteer=_read_gazetteer(arrays) if matched or "gazetteer" in arrays else None,
        temperature=described.temperature,
        threshold=described.threshold,
        cutoffs=described.cutoffs,
        tokenizer=find_tokenizer(described.tokenizer).name,
        provenance=described.provenance,
    )


def _describe(table: Table) -> TableDescription:
    feature = table.feature
    described = None if feature is None else FeatureDescription(feature.kind, feature.argument)
    return TableDescription(table.name, table.trainable, described)


def _read_network(described: Description, config: Config, arrays: Arrays) -> WindowNetwork:
    tables = [_read_table(table, arrays) for table in described.tables]
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
    if not 0 <= described.trainable <= len(E):
        raise ValueError(f"E.{name} has {len(E)} rows, of which {described.trainable} are trainable")
    return Table(name, E, described.trainable, values, feature)


def _read_gazetteer(arrays: Arrays) -> Gazetteer:
    return Gazetteer.from_lines(unpack_strings(_part(arrays, "gazetteer", np.uint8, 1)))


def _part(arrays: Arrays, name: str, dtype: DTypeLike, dimensions: int) -> Array:
    array = arrays.get(name)
    if array is None:
        raise ValueError(f"{name} is missing")
    if array.dtype != dtype or array.ndim != dimensions:
        expected = f"{np.dtype(dtype)} of {dimensions} dimension{'s' if dimensions > 1 else ''}"
        raise ValueError(f"{name} is {array.dtype} of the shape {array.shape}, expected {expected}")
    return array
