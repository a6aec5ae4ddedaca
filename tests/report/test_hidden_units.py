"""Hidden units: their inputs, their votes, and the words that excite them."""

import numpy as np
import pytest
from synthetic import write_tiny

from windowner.config.loading import load_config
from windowner.inputs.forms import Forms
from windowner.report.hidden_units import hidden_units, loudest_units
from windowner.report.weights import projections, votes
from windowner.runs.training import train


@pytest.fixture
def tagger(tiny):
    return tiny.run.tagger


FORMS = ["Paris", "Smith", "lives", "."]


def test_projections_are_a_windows_input(tagger):
    """z1 of a window is the sum of its words' projections at their positions, and b1."""
    P = projections(tagger, FORMS)
    z1 = P[0, 0] + P[1, 1] + P[2, 2] + P[3, 3] + P[0, 4] + tagger.network.b1
    x = [tagger.network.embed(tagger.encoder([form]))[0] for form in [*FORMS, FORMS[0]]]
    flattened = sum(x[c] @ tagger.network.W[:, c] for c in range(5)) + tagger.network.b1
    assert z1 == pytest.approx(flattened, abs=1e-5)


def test_loudest_units_worked_by_hand():
    """Unit 2 has the largest vote for both types; the first type takes it."""
    says = np.array([[0.1, 0.3], [0.2, 0.0], [0.9, 0.8]])
    assert loudest_units(says, 1) == [(2, 0), (0, 1)]
    assert loudest_units(says, 5) == [(2, 0), (1, 0), (0, 0)]


def test_votes_are_above_the_units_mean(tagger):
    says, U = votes(tagger), tagger.network.U
    loc = [k for k, tag in enumerate(tagger.tags.names) if tag.endswith("-LOC")]
    column = tagger.tags.types.index("LOC")
    assert says[3, column] == pytest.approx(max(U[3, loc]) - U[3].mean(), abs=1e-6)


def test_the_strongest_words_come_first(tagger):
    found = hidden_units(tagger, FORMS, per_type=1, words=3)
    P = projections(tagger, FORMS)
    assert [unit.type for unit in found] == tagger.tags.types
    for unit in found:
        assert sum(unit.listens) == pytest.approx(1, abs=1e-6)
        assert len(unit.excited_by) == 5
        for c, words in enumerate(unit.excited_by):
            values = dict(zip(FORMS, P[:, c, unit.number].tolist(), strict=True))
            assert [word for word, _ in words] == sorted(values, key=values.get, reverse=True)[:3]


def test_without_forms_there_are_no_units(tagger):
    assert hidden_units(tagger, []) == []


def test_forms_that_are_read_by_their_ngrams_too(tmp_path):
    """Whatever a form is made of, its row of P is its row of X times W."""
    tagger = train(
        load_config(write_tiny(tmp_path / "tiny"), ["features.ngrams=3", "train.epochs=1"]), tmp_path / "run"
    ).tagger
    forms = Forms(tagger.encoder)
    numbers = forms.numbers(FORMS, len(FORMS))
    X = tagger.network.embed(forms.table[numbers])
    assert projections(tagger, FORMS)[:, 2] == pytest.approx(X @ tagger.network.W[:, 2], abs=1e-6)
    assert len(hidden_units(tagger, FORMS)) == 2 * len(tagger.tags.types)
