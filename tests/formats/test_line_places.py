"""The places of the records of a shard: lengths and documents are those of the reader of sentences."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.formats.jsonl import DOCUMENT_KEYS, TOKEN_KEYS, read_json_lines
from windowner.formats.line_places import RecordPlaces
from windowner.formats.options import ReadOptions
from windowner.formats.shards import Shard

ANY = ReadOptions(0, None)
RECORDS = st.fixed_dictionaries(
    {"tokens": st.lists(st.sampled_from("ab"), max_size=3)},
    optional={
        **{key: st.sampled_from([1, "1", None, {"a": [1]}]) for key in DOCUMENT_KEYS},
        "words": st.lists(st.just("a"), max_size=3),
        "other": st.just([{"tokens": []}]),
    },
)


def places(text):
    return RecordPlaces("f", ANY)(Shard(text.encode(), 1))


@given(st.lists(RECORDS, max_size=12))
def test_lengths_and_documents_are_those_of_the_reader(records):
    text = "".join(json.dumps(record) + "\n" for record in records)
    lengths, opens, mark = [], [], False
    for sentence in read_json_lines(io.BytesIO(text.encode()), "f", ANY):
        if not sentence.is_mark:
            lengths.append(len(sentence.tokens))
            opens.append(mark)
        mark = sentence.is_mark
    found = places(text)
    assert found.lengths.tolist() == lengths
    assert found.opens.tolist() == [*opens, False]


@pytest.mark.parametrize("key", TOKEN_KEYS)
def test_a_record_begins_where_its_line_does(key):
    text = f'\n{{"{key}": []}}\n \n{{"{key}": ["a"]}}\n'
    assert places(text).places.tolist() == [0, text.rindex("{")]


@pytest.mark.parametrize("wrong", ["7", "[", '{"a": 1}', '{"tokens": 1}', '{"tokens": null}'])
def test_an_error_is_left_out(wrong):
    assert np.array_equal(places(f'{wrong}\n{{"tokens": ["a", "b"]}}\n').lengths, [2])
