"""Tags of one scheme as sums of tags of another one: by the definition, from tags that are written in both."""

from itertools import product

import pytest

from windowner.adapters.tag_columns import answered_scheme, tag_columns
from windowner.text.schemes import SCHEMES, tag_set
from windowner.text.spans import TagTable
from windowner.text.tag_writing import convert


@pytest.mark.parametrize(
    ("trained", "answers"),
    [
        ("BIOES", {"IOB2": "IOB2", "IOB1": "IOB2", "BIOES": "BIOES", "BILOU": "BILOU", "IO": "IO"}),
        ("IOB2", {"IOB2": "IOB2", "IOB1": "IOB2", "BIOES": "IOB2", "BILOU": "IOB2", "IO": "IO"}),
        ("IOB1", {"IOB2": "IOB1", "IOB1": "IOB1", "BIOES": "IOB1", "BILOU": "IOB1", "IO": "IO"}),
        ("IO", {"IOB2": "IO", "IOB1": "IO", "BIOES": "IO", "BILOU": "IO", "IO": "IO"}),
    ],
)
def test_schemes_of_the_answers(trained, answers):
    found = {wanted: answered_scheme(SCHEMES[wanted], SCHEMES[trained]).name for wanted in answers}
    assert found == answers


@pytest.mark.parametrize("pair", list(product(["BIOES", "BILOU"], ["IOB2", "BIOES", "BILOU", "IO"])), ids=str)
def test_each_tag_has_the_column_of_the_tag_that_is_written_for_it(pair):
    trained, answered = (SCHEMES[name] for name in pair)
    tags = TagTable.of(tag_set(["LOC", "PER"], trained))
    names, columns = tag_columns(tags, [*tags.types, "NEW"], trained, answered)
    assert not columns[:, [name.endswith("NEW") for name in names]].any()
    assert columns.sum(axis=1).tolist() == [1] * len(tags.names)
    entity = ["B-PER", "I-PER", "I-PER", "B-LOC", "O"]
    (here,), (there,) = convert([entity], trained), convert([entity], answered)
    assert [names[columns[tags.names.index(tag)].argmax()] for tag in here] == there
