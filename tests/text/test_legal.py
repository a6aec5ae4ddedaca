"""Which tags may follow one another: what a scheme writes, and nothing else."""

from itertools import pairwise, product

import pytest

from windowner.text.legal import legal_transitions
from windowner.text.schemes import SCHEMES, tag_set
from windowner.text.tag_writing import convert


@pytest.mark.parametrize("scheme", SCHEMES)
def test_legal_is_what_the_scheme_writes(scheme: str) -> None:
    """A sequence is legal exactly if writing the entities that are read from it gives the sequence again.

    All sequences of one to three tags with two types are tried; the table and the writing know nothing of each other.
    """
    tags = tag_set(["PER", "LOC"], scheme)
    start, transition, end = legal_transitions(tags, scheme)
    for sequence in (ids for length in (1, 2, 3) for ids in product(range(len(tags)), repeat=length)):
        legal = start[sequence[0]] and end[sequence[-1]]
        legal = legal and all(transition[i, j] for i, j in pairwise(sequence))
        names = [tags[tag_id] for tag_id in sequence]
        assert legal == (convert([names], scheme) == [names]), names


def test_legal_transitions_by_hand() -> None:
    start, transition, end = legal_transitions(["O", "B-PER", "E-PER", "B-LOC"], "BIOES")
    assert start.tolist() == [True, True, False, True]
    assert end.tolist() == [True, False, True, False]
    assert transition.tolist() == [
        [True, True, False, True],
        [False, False, True, False],
        [True, True, False, True],
        [False, False, False, False],
    ]
