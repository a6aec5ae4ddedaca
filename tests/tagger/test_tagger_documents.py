"""A tagger that reads documents: a document gets the same tags alone, among others, and however the work is cut."""

from dataclasses import replace
from itertools import chain, pairwise

import numpy as np
import pytest
from synthetic import Tiny, train_documents

import windowner.tagger.chunks
import windowner.tagger.tagger
import windowner.text.stretches
from windowner.inputs.batches import Distinct, make_batch
from windowner.inputs.encoding import encode
from windowner.inputs.forms import Forms
from windowner.inputs.mentions import in_documents
from windowner.tagger.tagger import Tagger
from windowner.text.tokenizers import find_tokenizer

STARTS = [0, 7, 8, 30]


@pytest.fixture(scope="module")
def documents(tmp_path_factory) -> Tiny:
    return train_documents(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def tagger(documents) -> Tagger:
    """The tagger with votes of other mentions so strong that they change tags."""
    model = documents.run.tagger.model
    head = replace(model.network.document, others=8 * model.network.document.others)
    return Tagger(replace(model, network=replace(model.network, document=head)))


@pytest.fixture(scope="module")
def expected(tagger, sentences) -> list[list[str]]:
    return tagger.tag(sentences, document_starts=STARTS)


def test_other_mentions_change_tags(tagger, sentences, expected):
    """Of the sentence 7, which is a document, they change none."""
    alone = tagger.tag(sentences)
    assert alone != expected
    assert alone[7] == expected[7]
    assert alone == [tagger.tag([sentence], document_starts=[0])[0] for sentence in sentences]


def test_a_document_has_the_same_tags_among_others(tagger, sentences, expected):
    parts = [sentences[first:last] for first, last in pairwise([*STARTS, len(sentences)])]
    assert list(chain.from_iterable(tagger.tag(part, document_starts=[0]) for part in parts)) == expected
    backwards = [tagger.tag(part, document_starts=[0]) for part in parts[::-1]]
    assert list(chain.from_iterable(backwards[::-1])) == expected


@pytest.mark.parametrize(("name", "most"), [("SENTENCES", 1), ("SENTENCES", 3), ("TOKENS", 1), ("TOKENS", 50)])
def test_the_size_of_chunks_changes_no_tag(tagger, sentences, expected, monkeypatch, name, most):
    unmarked = tagger.tag(sentences, document_starts=[])
    assert unmarked != expected  # stretches of 25 tokens
    monkeypatch.setattr(windowner.tagger.chunks, name, most)
    assert tagger.tag(sentences, document_starts=STARTS) == expected
    assert tagger.tag(sentences, document_starts=[]) == unmarked


def test_long_documents_are_cut_alike_everywhere(tagger, sentences, monkeypatch):
    whole = tagger.entities(sentences, document_starts=[0])
    monkeypatch.setattr(windowner.text.stretches, "LONGEST", 20)
    expected = tagger.tag(sentences, document_starts=[0])
    assert tagger.entities(sentences, document_starts=[0]) != whole  # the probabilities tell
    monkeypatch.setattr(windowner.tagger.chunks, "TOKENS", 30)
    assert tagger.tag(sentences, document_starts=[0]) == expected


@pytest.mark.parametrize("characters", [1, 300, 500_000])
def test_each_text_is_a_document(tagger, sentences, monkeypatch, characters):
    """By both ways from text to tags, that of pieces and that of tokens."""
    texts = [" ".join(chain.from_iterable(part)) for part in (sentences[:7], sentences[7:8], [], sentences[8:])]
    tokenizer = find_tokenizer(tagger.model.tokenizer)
    expected = []
    for text in texts:
        split = tokenizer.split(text)
        expected.append(tagger.find_token_spans([split]).by_text[0])
        found = chain.from_iterable(tagger.entities(split.sentences, document_starts=[0]))
        assert [span.label for span in expected[-1]] == [entity.type for entity in found]
    monkeypatch.setattr(windowner.tagger.tagger, "CHARACTERS", characters)
    spans = [[span[:3] for span in found] for found in tagger.tag_texts(texts)]
    assert spans == [[span[:3] for span in found] for found in expected]
    assert any(expected)


def test_logits_are_those_of_the_forward_pass(tagger, sentences):
    """In documents those of the document head, alone those of U and b2. Tolerance: float32 sums of about 100 terms."""
    network, known = tagger.model.network, Forms(tagger.model.encoder)
    edges = np.array([*STARTS, len(sentences)])
    text = in_documents(encode(sentences, known, network.radius), known, edges)
    z2 = network.forward(make_batch(text, known.F, Distinct(len(known.F)))).z2
    alone, documents = z2[: len(text)], z2[len(text) :]
    first, last = text.offsets[7:9]
    expected = np.concatenate([documents[:first], alone[first:last], documents[last:]])
    np.testing.assert_allclose(tagger.predict(sentences, edges).logits, expected, atol=1e-4)


def test_a_model_file_keeps_the_document_head(documents, sentences):
    trained, loaded = documents.run.tagger, Tagger.load(documents.model)
    assert loaded.model.reads_documents
    assert loaded.tag(sentences, document_starts=STARTS) == trained.tag(sentences, document_starts=STARTS)
    np.testing.assert_array_equal(
        loaded.predict(sentences, np.array([0, 60])).logits, trained.predict(sentences, np.array([0, 60])).logits
    )


def test_other_models_read_no_documents(tiny, sentences):
    tagger = tiny.run.tagger
    assert not tagger.model.reads_documents
    assert tagger.tag(sentences, document_starts=STARTS) == tagger.tag(sentences)
