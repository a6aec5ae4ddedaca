"""All checks together: clean text, and a file with one defect of each kind."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from windowner.checks.checks import CHECKS, run_checks
from windowner.checks.labelled import Labelled
from windowner.formats.reading import read_corpus
from windowner.text.detection import detect
from windowner.text.sentence import Corpus, Sentence
from windowner.text.spans import encode_tags

DATA = Path(__file__).parents[2] / "data"


def test_in_clean_text_nothing_is_found(read, clean):
    other = "Mary\tB-PER\nmet\tO\nPaul\tB-PER\nat\tO\nSony\tB-ORG\nin\tO\nRome\tB-LOC\n.\tO\n\n"
    many = "".join(
        other.replace("Mary", f"M{letter}ry").replace("Paul", f"Pa{letter}l") for letter in "abcdefghijklmnopqrst"
    )
    assert run_checks(read(train=many, dev=clean)) == []


PLANTED = {
    "repeated-sentences": ("Rome\tB-LOC\nis\tO\nbig\tO\n", ["dev:1", "train:1"]),
    "sentence-labels": ("Rome\tB-PER\nis\tO\nbig\tO\n", ["train:1", "dev:1"]),
    "entity-labels": ("Rome\tB-PER\n\nRome\tB-LOC\n", ["dev:1", "train:1"]),
    "forgotten-entities": ("in\tO\nRome\tO\n", ["dev:2"]),
    "rare-types": ("so\tO\n", ["train:1"]),
    "unknown-types": ("Bo\tB-PER\n", ["dev:1"]),
    "ill-formed-tags": ("Bo\tB-LOC\n\nBo\tI-LOC\n\nBo\tB-LOC\n", ["dev:3"]),
    "long-sentences": ("so\tO\n" * 201, ["dev:1"]),
    "one-token-sentences": ("so\tO\n\n" * 100, ["dev:1"]),
    "lost-characters": ("in\tO\nM\ufffdnchen\tO\n", ["dev:2"]),
    "invisible-characters": ("in\tO\nMün\u00adchen\tO\n", ["dev:2"]),
    "tokenization": ("in\tO\ncity,\tO\n", ["dev:2"]),
    "entity-ends": ("Bo\tB-LOC\n,\tI-LOC\n", ["dev:1"]),
}


@pytest.mark.parametrize("check", PLANTED)
def test_a_planted_defect_is_found_by_line(find, check):
    text, places = PLANTED[check]
    ((_, found),) = [finding for finding in find(check, train="Rome\tB-LOC\nis\tO\nbig\tO\n", dev=text) if finding]
    assert found[: len(places)] == places


def test_every_check_has_a_planted_defect():
    assert {check.name for check in CHECKS} - set(PLANTED) == {"missing-vectors"}  # see test_words.py


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_its_words_are_sentences(check):
    assert check.why.endswith(".")
    assert check.fix.endswith(".")
    assert not check.seeks.endswith(".")


@pytest.mark.parametrize("name", ["wikigold", "wnut17", "btc", "ncbi-disease"])
def test_bundled_corpora(name):
    labelled = Labelled.of({split: read_corpus(DATA / name / f"{split}.conll") for split in ("train", "dev", "test")})
    results = run_checks(labelled)
    assert results
    for result in results:
        for finding in result.findings:
            assert finding.count == len(finding.places) > 0
    json.dumps([result.as_dict() for result in results])


TOKEN = st.text(st.characters(exclude_categories=("Cs",)), max_size=4)
TAGS = st.sampled_from(["O", "B-X", "I-X", "B-Y", "I-Y"])
SENTENCES = st.lists(st.lists(st.tuples(TOKEN, TAGS), min_size=1, max_size=5), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SENTENCES, SENTENCES)
def test_any_text_can_be_checked(train, dev):
    corpora = {}
    for name, drawn in (("train", train), ("dev", dev)):
        sentences = [Sentence(*map(list, zip(*rows, strict=True)), number, []) for number, rows in enumerate(drawn, 1)]
        scheme = detect(encode_tags([sentence.tags for sentence in sentences]))
        corpora[name] = Corpus(name, sentences, [], scheme, 0, [])
    for result in run_checks(Labelled.of(corpora, key_to_index={})):
        for finding in result.findings:
            assert finding.places
            assert {place.path for place in finding.places} <= set(corpora)
