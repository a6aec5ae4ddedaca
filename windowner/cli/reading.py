"""How a labelled file is read for a trained model: as its training files were, unless options differ."""

from collections.abc import Mapping
from typing import Any

from windowner.cli.options import check_columns
from windowner.formats.recognition import AUTO
from windowner.tagger.model import Model


def reading_of(model: Model, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `read_corpus`.

    Parameters
    ----------
    model
        The model.
    chosen
        What options say. None, "" and `auto` leave what the model says.
    """
    given = {name: value for name, value in chosen.items() if value not in (None, AUTO, "")}
    reading = model.config.data.reading() | {"tokenizer": model.tokenizer} | given
    check_columns(reading["token_column"], reading["tag_column"])
    return reading
