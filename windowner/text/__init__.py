"""Sentences and their tags: reading, writing, and converting between schemes."""

from windowner.text.columns import read_columns
from windowner.text.detection import detect, find_ill_formed
from windowner.text.jsonl import read_json_lines, read_token_lines
from windowner.text.lines import open_input
from windowner.text.reading import Format, format_of, read_corpus, read_sentences, stream_sentences
from windowner.text.schemes import SCHEMES, LegalTransitions, Scheme, find_scheme, legal_transitions, split_tag, tag_set
from windowner.text.sentence import Corpus, Sentence
from windowner.text.spans import EncodedTags, Spans, TagTable, convert, encode, find_spans, first_tokens
from windowner.text.writers import column_text, json_line

__all__ = [
    "SCHEMES",
    "Corpus",
    "EncodedTags",
    "Format",
    "LegalTransitions",
    "Scheme",
    "Sentence",
    "Spans",
    "TagTable",
    "column_text",
    "convert",
    "detect",
    "encode",
    "find_ill_formed",
    "find_scheme",
    "find_spans",
    "first_tokens",
    "format_of",
    "json_line",
    "legal_transitions",
    "open_input",
    "read_columns",
    "read_corpus",
    "read_json_lines",
    "read_sentences",
    "read_token_lines",
    "split_tag",
    "stream_sentences",
    "tag_set",
]
