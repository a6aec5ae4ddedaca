"""Hidden units: their inputs, their votes, and the words that excite them."""

import numpy as np
import pytest

from windowner.report.hidden_units import hidden_units, loudest_units
from windowner.report.weights import projections, votes


@pytest.fixture
def model(tiny):
    return tiny.run.tagger.model


FORMS = ["Paris", "Smith", "lives", "."]


def test_projections_are_a_windows_input(model):
    """z1 of a window is the sum of its words' projections at their positions, and b1."""
    P = projections(model, FORMS)
    z1 = P[0, 0] + P[1, 1] + P[2, 2] + P[3, 3] + P[0, 4] + model.network.b1
    x = [model.network.embed(model.encoder([form]))[0] for form in [*FORMS, FORMS[0]]]
    flattened = sum(x[c] @ model.network.W[:, c] for c in range(5)) + model.network.b1
    assert z1 == pytest.approx(flattened, abs=1e-5)


def test_loudest_units_worked_by_hand():
    """Unit 2 has the largest vote for both types; the first type takes it."""
    says = np.array([[0.1, 0.3], [0.2, 0.0], [0.9, 0.8]])
    assert loudest_units(says, 1) == [(2, 0), (0, 1)]
    assert loudest_units(says, 5) == [(2, 0), (1, 0), (0, 0)]


def test_votes_are_above_the_units_mean(model):
    says, U = votes(model), model.network.U
    loc = [k for k, tag in enumerate(model.tags.names) if tag.endswith("-LOC")]
    column = model.tags.types.index("LOC")
    assert says[3, column] == pytest.approx(max(U[3, loc]) - U[3].mean(), abs=1e-6)


def test_the_strongest_words_come_first(model):
    found = hidden_units(model, FORMS, per_type=1, words=3)
    P = projections(model, FORMS)
    assert [unit.type for unit in found] == model.tags.types
    for unit in found:
        assert sum(unit.listens) == pytest.approx(1, abs=1e-6)
        assert len(unit.excited_by) == 5
        for c, words in enumerate(unit.excited_by):
            values = dict(zip(FORMS, P[:, c, unit.number].tolist(), strict=True))
            assert [word for word, _ in words] == sorted(values, key=values.get, reverse=True)[:3]


def test_without_forms_there_are_no_units(model):
    assert hidden_units(model, []) == []
