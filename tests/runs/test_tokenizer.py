"""The tokenizer that a model keeps: that of its config, or the one that agrees best with its training tokens."""

import pytest

from windowner.config.loading import load_config
from windowner.runs.preparation import prepare
from windowner.runs.tokenizer import choose_tokenizer
from windowner.text.schemes import IOB2
from windowner.text.sentence import Corpus, Sentence
from windowner.training.observer import SILENT

SPLIT = "He\tO\n-\tO\nit\tO\n/\tO\nI\tO\ncome\tO\n;\tO\nRome\tB-LOC\n\n" * 3
WHOLE = SPLIT.replace("-\t", "a-b\t").replace("/\tO\n", "")


@pytest.mark.parametrize(("text", "name"), [(SPLIT, "european-hyphens"), (WHOLE, "european")])
def test_auto_is_the_tokenizer_that_agrees_best(tiny_config, text, name):
    (tiny_config.parent / "train.conll").write_text(text, encoding="utf-8")
    assert prepare(load_config(tiny_config)).model.tokenizer == name


def test_a_config_names_the_tokenizer(tiny_config):
    assert prepare(load_config(tiny_config, ["data.tokenizer=unicode"])).model.tokenizer == "unicode"


def test_raw_text_was_tokenized_already(tiny_config):
    corpus = Corpus("f", [Sentence(["a"], ["O"], 1, [])], [], IOB2, 0, [], tokenizer="white-space")
    assert choose_tokenizer(load_config(tiny_config), corpus, SILENT) == "white-space"
