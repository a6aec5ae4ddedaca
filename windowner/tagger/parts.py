"""A model as the description and arrays of its file, and back; its parts are checked to fit together.

E.NAME        a table, (V, D); row 0 is the padding, row 1 what is unknown
values.NAME   what its rows 2, 3, ... stand for
W, b1, U, b2  the network, and `transition`, `start`, `end` with the sentence-level loss
U.own, U.others, b2.document    the document head, where the model reads documents
E.characters, values.characters, W.characters, b.characters    the character network, where the model reads characters
gazetteer     names that are matched, where there are any
rules         rules that stand beside the network, where there are any
"""

from pathlib import Path
from typing import Any
from warnings import warn

import msgspec

from windowner.config.checking import make_config
from windowner.config.trained import known_values
from windowner.errors import ConfigError, DataError, ModelError, UncheckedWarning
from windowner.stores.address import AnyPath, path_of
from windowner.stores.paths import is_folder
from windowner.tagger.description import Description, Provenance, describe_table
from windowner.tagger.earlier import convert_format_1
from windowner.tagger.model import Model
from windowner.tagger.model_file import (
    has_digest,
    model_file_bytes,
    pack_strings,
    read_model_bytes,
    read_model_file,
    write_model_file,
)
from windowner.tagger.network_parts import ALPHABET, Arrays, read_gazetteer, read_network, read_rules
from windowner.text.schemes import tag_set
from windowner.text.spans import TagTable
from windowner.text.tokenizers import find_tokenizer
from windowner.whole_folders import heal

SUFFIX = ".safetensors"
MODEL_NAME = f"model{SUFFIX}"


def write_model(model: Model, path: str | Path) -> None:
    """Write a model file; see `model_file` for its format.

    Raises
    ------
    ModelError
        The file cannot be written.
    """
    write_model_file(Path(path), *_parts_of(model))


def model_bytes(model: Model) -> bytes:
    """Return the content of the file that `write_model` writes."""
    return model_file_bytes(*_parts_of(model))


def _parts_of(model: Model) -> tuple[dict[str, Any], Arrays]:
    """Return the description and the arrays of a model."""
    tables = model.network.tables
    arrays = {**model.network.parameters, **{f"values.{table.name}": pack_strings(table.values) for table in tables}}
    if model.network.characters is not None:
        arrays[ALPHABET] = pack_strings(model.network.characters.alphabet.values)
    if model.gazetteer is not None:
        arrays["gazetteer"] = pack_strings(model.gazetteer.lines())
    if model.rules is not None:
        arrays["rules"] = pack_strings(model.rules.lines)
    description = Description(
        config=model.config.as_dict(),
        tags=model.tags.names,
        tables=[describe_table(table) for table in tables],
        temperature=model.temperature,
        threshold=model.threshold,
        provenance=dict(model.provenance),
        tokenizer=model.tokenizer,
        cutoffs=dict(model.cutoffs),
    )
    return msgspec.to_builtins(description), arrays


def read_model(path: str | AnyPath) -> Model:
    """Return the model of a file, or of the run folder that holds one. Either one may be an address.

    Raises
    ------
    ModelError
        There is no model, or its file is damaged, truncated, foreign, or of a newer format version.
    StoreError
        A store does not give it.
    """
    path = model_path(path)
    return checked_model(path, *read_model_file(path))


def model_path(path: str | AnyPath) -> AnyPath:
    """Return the path or address of a model file, given it or the run folder that holds one."""
    path = path_of(path)
    if isinstance(path, Path):
        heal(path.parent if path.name == MODEL_NAME else path)
    elif path.suffix == SUFFIX:
        return path  # a web server would be asked for the whole file, to look for links
    return path / MODEL_NAME if is_folder(path) else path


def model_of_bytes(content: bytes, name: str) -> Model:
    """Return the model of a content that `model_bytes` returned; see `read_model_bytes`. It shares its memory."""
    return checked_model(name, *read_model_bytes(content, name))


def checked_model(name: AnyPath | str, description: dict[str, Any], arrays: Arrays) -> Model:
    """Return the model of what was read from the place `name`; see `read_model`."""
    if not has_digest(description):
        found = f"{name}: format {description['format']} holds no digest, so damage may go unnoticed"
        warn(f"{found}; train again to have one", UncheckedWarning, stacklevel=3)
    try:
        return make_model(description, arrays)
    except ConfigError as error:
        raise ModelError(f"{name}: {error}") from None
    except (ValueError, DataError, RecursionError) as error:
        raise ModelError(f"{name}: the parts of the model do not fit together: {error}") from None


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
    msgspec.convert(described.provenance, Provenance)
    config = make_config(known_values(described.config), "its config", trained=True)
    network = read_network(described, config, arrays)
    network.check_shapes(len(described.tags))
    tags = TagTable.of(described.tags)
    expected = tag_set(tags.types, config.data.scheme)
    if sorted(tags.names) != sorted(expected):
        raise ValueError(f"the tags are {', '.join(tags.names)}, expected {', '.join(expected)}")
    unknown = described.cutoffs.keys() - set(tags.types)
    if unknown:
        raise ValueError(f"a cutoff of the type {min(unknown)}, expected types among {', '.join(tags.types)}")
    matched = any(table.feature is not None and table.feature.reads_matches for table in network.tables)
    return Model(
        network=network,
        tags=tags,
        config=config,
        gazetteer=read_gazetteer(arrays) if matched or "gazetteer" in arrays else None,
        rules=read_rules(arrays),
        temperature=described.temperature,
        threshold=described.threshold,
        cutoffs=described.cutoffs,
        tokenizer=find_tokenizer(described.tokenizer).name,
        provenance=described.provenance,
    )
