"""How commands read a labelled file for a trained model."""

from dataclasses import replace

import click
import pytest

from windowner.cli.reading import reading_of

UNSAID = {"token_column": None, "tag_column": None, "format": "auto", "encoding": ""}


@pytest.fixture
def model(tiny):
    """A model whose training file was read in a way of its own."""
    model = tiny.run.tagger.model
    data = replace(model.config.data, format="csv", encoding="cp1252", token_column=2, tag_column=0)
    return replace(model, config=replace(model.config, data=data), tokenizer="unicode")


def test_without_options_it_is_read_as_the_model_was_trained(model):
    found = reading_of(model, UNSAID)
    assert found == model.config.data.reading() | {"tokenizer": "unicode"}
    assert (found["format"], found["encoding"], found["token_column"]) == ("csv", "cp1252", 2)


@pytest.mark.parametrize(("name", "value"), [("token_column", 0), ("format", "columns"), ("encoding", "utf-16")])
def test_an_option_says_otherwise(model, name, value):
    others = {"tag_column": 1} if name == "token_column" else {}
    assert reading_of(model, {**UNSAID, name: value, **others})[name] == value


def test_one_column_cannot_be_both(model):
    with pytest.raises(click.UsageError, match="are both 0, expected two columns"):
        reading_of(model, {**UNSAID, "token_column": 0})
