"""A corpus in arrays: the forms, tags and documents of labelled text, as the network reads them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from windowner.arrays import Ids
from windowner.inputs.encoding import EncodedText, encode
from windowner.inputs.forms import Forms
from windowner.inputs.labels import NO_TAG
from windowner.inputs.mentions import in_documents
from windowner.inputs.tables import group_columns
from windowner.runs.document_context import document_edges
from windowner.runs.soft_labels import encode_labels
from windowner.runs.unmarked import open_tags
from windowner.tagger.model import Model
from windowner.text.schemes import NOT_ANNOTATED_PREFIX, SCHEMES
from windowner.text.sentence import Corpus
from windowner.text.spans import TagTable, encode_tags
from windowner.text.tag_writing import write_prefixes
from windowner.training.text import TrainingText


def encode_corpus(model: Model, corpus: Corpus, forms: Forms, tags: Ids | None = None) -> EncodedText:
    """Return a corpus in arrays, with its documents where the model reads them."""
    text = encode(corpus.tokens, forms, model.config.model.radius, tags)
    if not model.reads_documents:
        return text
    return in_documents(text, forms, document_edges(model.config, corpus.tokens, corpus.document_starts))


def encode_training(model: Model, train: Corpus, word_rows: int) -> TrainingText:
    """Return the training text in arrays; its tags are converted to the scheme that is trained on."""
    settings = model.config.vectors
    forms = Forms(model.encoder)
    tags, soft = encode_labels(train, model.tags, model.config.data.scheme, encode_tag_numbers(model, train))
    tags, sets = open_tags(train, model.tags, tags)
    text = replace(encode_corpus(model, train, forms, tags), soft=soft)
    # To the network, forms with the same rows are the same form, as `The` and `the` where only words are read.
    # Padding, whose rows are all PAD = 0, stays the first.
    F, merged = np.unique(forms.F, axis=0, return_inverse=True)
    text = replace(text, stream=merged.reshape(-1).astype(np.int32)[text.stream])
    columns = group_columns(model.network.tables, "words")
    counts = np.bincount(F[text.stream[text.centers], columns[0]], minlength=word_rows)
    rare = (counts > 0) & (counts <= settings.unk_count)
    documents = None
    if model.reads_documents:
        documents = document_edges(model.config, train.tokens, train.document_starts)
    return TrainingText(text, F, rare, settings.unk_rate, columns, documents, sets=sets)


def encode_tag_numbers(model: Model, corpus: Corpus) -> Ids:
    """Return the number of each token's tag, (T,), in the scheme that the model is trained on.

    A token that is not annotated has the number `NO_TAG`, -1. So has a tag whose type the model lacks.
    """
    return number_tags(corpus.tags, model.tags, model.config.data.scheme)


def number_tags(sentences: Sequence[Sequence[str]], table: TagTable, scheme: str) -> Ids:
    """Return the number of each token's tag in a table, (T,), when written in a scheme; `NO_TAG` for what it lacks."""
    encoded = encode_tags(sentences, table.types)
    prefixes, types = write_prefixes(encoded.spans(), encoded.first, SCHEMES[scheme])
    prefixes[encoded.not_annotated] = NOT_ANNOTATED_PREFIX
    known = zip(table.prefixes.tolist(), table.type_ids.tolist(), strict=True)
    numbers = {tag: number for number, tag in enumerate(known)}
    pairs = zip(prefixes.tolist(), types.tolist(), strict=True)
    return np.fromiter((numbers.get(pair, NO_TAG) for pair in pairs), dtype=np.int32, count=len(prefixes))
