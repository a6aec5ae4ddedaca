"""Hashed n-grams: by a hash of Python's own integers, one n-gram at a time."""

import os
import subprocess
import sys

import numpy as np
import pytest

from windowner.inputs.features import PAD, UNK
from windowner.inputs.ngrams import BASE, LONGEST, MIXER, Ngrams, form_ngrams
from windowner.inputs.settings import FeaturesSettings

NGRAMS = Ngrams((2, 3), 1000)


def row(ngram, buckets=1000):
    """The row of one n-gram, as the module's docstring says."""
    h = 0
    for character in ngram:
        h = (h * int(BASE) + ord(character)) % 2**64
    m = (h ^ h >> 33) * int(MIXER) % 2**64
    return (m ^ m >> 33) % buckets + UNK + 1


def bag(rows):
    return sorted(rows[rows != PAD].tolist())


@pytest.mark.parametrize("form", ["Paris", "I", "日本", "naïve", "\ud800", "aaaa", "x" * LONGEST])
def test_the_rows_are_the_hashes_of_all_ngrams_with_the_edges_marked(form):
    marked = f"<{form}>"
    expected = [row(marked[i : i + n]) for n in (2, 3) for i in range(len(marked) - n + 1)]
    assert bag(NGRAMS.rows([form])[0]) == sorted(expected)


def test_forms_hashed_together_do_not_touch_each_other():
    forms = ["Paris", "", "is", "big", "Paris"]
    together = NGRAMS.rows(forms)
    assert together.shape == (5, NGRAMS.columns)
    assert together.dtype == np.int32
    for form, rows in zip(forms, together, strict=True):
        np.testing.assert_array_equal(rows, NGRAMS.rows([form])[0])


def test_of_a_long_form_the_outer_characters_are_read():
    long = NGRAMS.rows(["abcdefghij" + "-" * 1000 + "klmnopqrst"])
    np.testing.assert_array_equal(long, NGRAMS.rows(["abcdefghijklmnopqrst"]))


def test_no_forms_have_no_rows():
    assert NGRAMS.rows([]).shape == (0, NGRAMS.columns)


def test_every_bucket_is_used_and_padding_and_unknown_never():
    rows = Ngrams((3,), 50).rows([f"w{i}" for i in range(1000)])
    assert set(np.unique(rows)) == {PAD, *range(UNK + 1, UNK + 51)}


def test_another_process_hashes_alike():
    """Python's own hash of a string is drawn anew in every process."""
    script = "from windowner.inputs.ngrams import Ngrams; print(Ngrams((2, 3), 1000).rows(['Paris']).tolist())"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(NGRAMS.rows(["Paris"]).tolist())


def test_the_settings_switch_them_on():
    assert form_ngrams(FeaturesSettings(ngrams=0)) is None
    assert form_ngrams(FeaturesSettings(ngrams=5, ngram_lengths=(3, 2, 3), ngram_buckets=9)) == Ngrams((2, 3), 9)
