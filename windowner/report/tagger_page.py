"""A tagger as one page that opens from disk, and tags what is typed. The scripts of the page do what `tagger/` does.

    templates/network.js      from words to logits: `inputs/` and `network/`
    templates/decoding.js     from logits to entities: `network/chain/`
    templates/tokens.js       from text to sentences of tokens: `text/tokenizers.py`
    templates/tagger_page.js  what is typed, and what is shown

The page holds the tables in half precision, 2 bytes per number, and the network in single precision, 4 bytes. Most
numbers are in tables.
"""

from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np

from windowner.arrays import Array
from windowner.errors import ModelError
from windowner.inputs.tables import Table
from windowner.markup.filling import number
from windowner.markup.marks import HUES
from windowner.report.page import write_page
from windowner.tagger.model import Model
from windowner.text.abbreviations import SHORT_FORMS, TITLES, written_forms
from windowner.text.sentence_ends import STARTERS

TABLE = "E."
"""Begins the names of tables."""

LARGEST = float(np.finfo(np.float16).max)


def write_tagger_page(model: Model, name: str, path: Path, words: int) -> Path:
    """Write the page of a model, and return its path.

    Parameters
    ----------
    model
        The model. All of its words are on the page; see `tagger.frequent_words`.
    name
        What the page calls it.
    path
        The page.
    words
        Number of words of the model from which these words were taken.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError
        The page cannot be written.
    ModelError
        The page's scripts cannot do what the model does.
    """
    values = {"name": name, "facts": _facts(model, words), "model": page_model(model)}
    return write_page("tagger.html", values, path)


def page_model(model: Model) -> dict[str, Any]:
    """Return what the page's scripts read of a model.

    Raises
    ------
    ModelError
        The model matches names or rules, or a number is too large for half precision.
    """
    _check(model)
    network, config, legality = model.network, model.config.model, model.decoder.legality
    return {
        "arrays": {name: _text_of(name, array) for name, array in network.parameters.items()},
        "tables": list(map(_describe, network.tables)),
        "alphabet": None if network.characters is None else list(network.characters.alphabet.values),
        "radius": network.radius,
        "nonlinearity": network.nonlinearity,
        "tags": model.tags.names,
        "types": model.tags.types,
        "hues": HUES,
        "legal": {place: legal.tolist() for place, legal in legality._asdict().items()},
        "posterior": config.decoding == "posterior",
        "threshold": model.threshold,
        "temperature": model.temperature,
        "cutoffs": dict(model.cutoffs),
        "tokenizer": model.tokenizer,
        "abbreviations": written_forms(),
        "titles": sorted(TITLES),
        "shortForms": sorted(SHORT_FORMS),
        "starters": sorted(STARTERS),
    }


def _check(model: Model) -> None:
    """Refuse a model that does more than the page's scripts do."""
    if model.gazetteer is not None:
        raise ModelError(
            f"the model matches {len(model.gazetteer.entries):,} names, expected none: a page cannot match names. "
            "Train without features.gazetteers and features.gazetteer_train"
        )
    if model.rules is not None and model.rules.rules:
        raise ModelError(
            f"the model holds {len(model.rules.rules):,} rules, expected none: a page cannot apply rules. "
            "Train without model.rules"
        )


def _describe(table: Table) -> dict[str, Any]:
    feature = table.feature
    described = None if feature is None else {"kind": feature.kind, "argument": feature.argument}
    return {"name": table.name, "values": list(table.values), "feature": described}


def _text_of(name: str, array: Array) -> dict[str, Any]:
    """Return the bytes per number of an array, and its numbers in base64, each with its lowest byte first."""
    size = 2 if name.startswith(TABLE) else 4
    largest = float(np.abs(array).max(initial=0))
    if size == 2 and not largest <= LARGEST:
        raise ModelError(f"{name} holds {largest:.4g}, expected {LARGEST:,.0f} at most: half precision ends there")
    return {"bytes": size, "base64": b64encode(array.astype(f"<f{size}").tobytes()).decode("ascii")}


def _facts(model: Model, words: int) -> dict[str, str]:
    """Return what the page says of the model."""
    network = model.network
    return {
        "words": f"{number(len(model.words.values))} of {number(words)}",
        "window": f"{2 * network.radius + 1} words",
        "hidden units": number(len(network.b1)),
        "word vectors": f"{model.words.size} numbers",
        "reads": ", ".join(_read_parts(model)),
        "tokenizer": model.tokenizer,
    }


def _read_parts(model: Model) -> list[str]:
    """Return what the network reads of a word and beside it."""
    network = model.network
    features = [table.name for table in network.tables if table.feature is not None]
    others = {
        "characters": network.characters,
        "other mentions in the document": network.document,
        "neighbouring tags": network.chain,
    }
    return ["words", *features, *(name for name, part in others.items() if part is not None)]
