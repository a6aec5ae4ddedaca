"""The one definition of an entity, against a slow and obvious loop and against every scheme's own writing."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.text.schemes import PREFIXES, join_tag, split_tag
from windowner.text.spans import EncodedTags, TagTable, encode_tags, find_spans, first_tokens
from windowner.text.tag_writing import write_tags

Entity = tuple[int, int, str]

tags = st.builds(join_tag, st.sampled_from(PREFIXES), st.sampled_from(["", "A", "B-c"]))
corpora = st.lists(st.lists(tags, max_size=8), max_size=5)
deterministic = settings(derandomize=True, deadline=None, max_examples=500)


def entities(encoded: EncodedTags) -> list[Entity]:
    spans = encoded.spans()
    return [(int(start), int(end), encoded.types[type_id]) for start, end, type_id in zip(*spans, strict=True)]


def obvious_entities(sentences: list[list[str]]) -> list[Entity]:
    """Walk over the tokens with at most one entity open."""
    found: list[Entity] = []
    position = 0
    for sentence in sentences:
        opened: tuple[int, str] | None = None
        for tag in sentence:
            prefix, entity_type = split_tag(tag)
            if opened and (prefix in "O_BSU" or entity_type != opened[1]):
                found.append((opened[0], position, opened[1]))
                opened = None
            if prefix not in "O_" and not opened:
                opened = (position, entity_type)
            position += 1
            if opened and prefix in "ELSU":
                found.append((opened[0], position, opened[1]))
                opened = None
        if opened:
            found.append((opened[0], position, opened[1]))
    return found


@deterministic
@given(corpora)
def test_spans_equal_the_obvious_loop(sentences: list[list[str]]) -> None:
    assert entities(encode_tags(sentences)) == obvious_entities(sentences)


def test_nothing_is_said_of_entities_with_a_token_that_is_not_annotated() -> None:
    """No entity reaches into such a token: the first one ends before it. Of other entities it says nothing."""
    gold = encode_tags([["B-A", "_", "I-A"], ["O", "_"]])
    assert entities(gold) == [(0, 1, "A"), (2, 3, "A")]
    assert gold.not_annotated.tolist() == [False, True, False, False, True]
    predicted = encode_tags([["B-A", "B-A", "I-A"], ["B-A", "I-A"]]).spans()
    assert gold.judge(predicted).tolist() == [True, False, False]
    assert write_tags(gold, "BIOES") == ["S-A", "_", "S-A", "O", "_"]


def test_spans_by_hand() -> None:
    sentences = [["I-A", "B-A", "I-A", "I-B", "O"], [], ["I-B", "E-B", "I-B", "S-B"]]
    assert entities(encode_tags(sentences)) == [
        (0, 1, "A"),  # an I that continues nothing starts an entity
        (1, 3, "A"),  # B starts one although the entity before it has the same type
        (3, 4, "B"),  # another type starts one
        (5, 7, "B"),  # and so does another sentence; E ends this one
        (7, 8, "B"),
        (8, 9, "B"),
    ]


def test_arrays_that_others_made() -> None:
    """O may have any type id, and the first token of all opens a sentence even if nobody says so."""
    codes = np.array([PREFIXES.index(prefix) for prefix in "IOI"])
    spans = find_spans(codes, np.zeros(3, dtype=np.intp), np.zeros(3, dtype=np.bool_))
    assert (spans.start.tolist(), spans.end.tolist()) == ([0, 2], [1, 3])


def test_first_tokens_pass_over_empty_sentences() -> None:
    assert first_tokens([0, 2, 0, 0, 1, 0]).tolist() == [True, False, True]


def test_fixed_types_keep_their_ids() -> None:
    encoded = encode_tags([["B-new", "I-A", "O"]], ["Z", "A"])
    assert encoded.types == ["Z", "A", "new"]
    assert encoded.type_ids.tolist() == [2, 1, -1]


def test_a_table_of_tags_turns_tag_ids_into_spans() -> None:
    table = TagTable.of(["O", "B-A", "I-A"])
    tag_ids = np.array([1, 2, 0, 2])
    spans = find_spans(table.prefixes[tag_ids], table.type_ids[tag_ids], first_tokens([4]))
    assert (spans.start.tolist(), spans.end.tolist(), spans.type_id.tolist()) == ([0, 3], [2, 4], [0, 0])
