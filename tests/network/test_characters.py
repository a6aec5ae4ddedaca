"""The character network against the obvious formulation: form by form and window by window."""

import numpy as np
import pytest

from windowner.inputs.alphabet import MARKS, Alphabet
from windowner.network import characters
from windowner.network.characters import B_NAME, E_NAME, W_NAME, CharacterNetwork
from windowner.network.projections import Projections

ALPHABET = Alphabet([*MARKS, *"abcde"])
FORMS = ["aaaaa", "b", "abab", "", "zz", "é", "c" * 100, "abcdeabcdeabcdeabcdeabcde", "ade", "b"]


def draw(seed=1, filters=6, dtype=np.float64):
    rng = np.random.default_rng(seed)
    E, W, b = rng.normal(size=(len(ALPHABET), 4)), rng.normal(size=(4, 3, filters)), rng.normal(size=filters)
    return CharacterNetwork(ALPHABET, E, W, b).astype(dtype)


def windows_of(rows):
    rows = [row for row in rows.tolist() if row]
    return [rows[first : first + 3] for first in range(len(rows) - 2)]


def values_of(network, window):
    """The values a of a window's filters."""
    return network.b + sum(network.E[row] @ network.W[:, place] for place, row in enumerate(window))


def forward_by_hand(network, spelled):
    X = np.zeros((len(spelled), network.size))
    for x, rows in zip(X, spelled, strict=True):
        for window in windows_of(rows):
            np.maximum(x, values_of(network, window), out=x)
    return X


def backward_by_hand(network, spelled, dX):
    """Each filter of each form has one window, the first with the largest value, if that is positive."""
    dE, dW, db = (np.zeros_like(p) for p in (network.E, network.W, network.b))
    for rows, dx in zip(spelled, dX, strict=True):
        windows = windows_of(rows)
        for f in range(network.size):
            values = [values_of(network, window)[f] for window in windows]
            if not values or max(values) <= 0:
                continue
            db[f] += dx[f]
            for place, row in enumerate(windows[values.index(max(values))]):
                dE[row] += dx[f] * network.W[:, place, f]
                dW[:, place, f] += dx[f] * network.E[row]
    return {E_NAME: dE, W_NAME: dW, B_NAME: db}


def distances(network, forms, seed=2):
    """How far X_c and the gradients are from the obvious ones."""
    spelled = ALPHABET.spell(forms)
    spelled = np.concatenate([np.zeros((1, spelled.shape[1]), np.int32), spelled])  # the padding
    forward = network.forward(spelled)
    dX = np.random.default_rng(seed).normal(size=forward.X.shape)
    gradients = network.backward(forward, dX)
    gradients[E_NAME] = gradients[E_NAME].dense(network.E.shape)
    expected = backward_by_hand(network, spelled, dX)
    found = {name: np.abs(gradients[name] - gradient).max() for name, gradient in expected.items()}
    return {"X": np.abs(forward.X - forward_by_hand(network, spelled)).max(), **found}


@pytest.mark.parametrize("forms", [FORMS, ["a"], [""], ["b", "a"], ["c" * 100]], ids=str)
def test_values_and_gradients_are_the_obvious_ones(forms):
    """Tolerance: float64 sums of some dozens of numbers of size 1."""
    assert max(distances(draw(), forms).values()) < 1e-12


def test_a_worked_example():
    """The form "aa": windows `start a a` and `a a end`; one filter, one dimension, b = 1.

    E: start 1, a 2, end -3; W = (1, 1, 1): a_1 = 1 + 1 + 2 + 2 = 6, a_2 = 1 + 2 + 2 - 3 = 2. X = 6.
    dX = 10: db = 10, dW = 10 (1, 2, 2), dE[start] = 10, dE[a] = 20.
    """
    E = np.array([0, 0, 1, -3, 2, 0, 0, 0, 0.0]).reshape(-1, 1)
    network = CharacterNetwork(ALPHABET, E, np.ones((1, 3, 1)), np.ones(1))
    forward = network.forward(ALPHABET.spell(["aa"]))
    assert forward.X.tolist() == [[6]]
    gradients = network.backward(forward, np.array([[10.0]]))
    assert gradients[W_NAME].tolist() == [[[10], [20], [20]]]
    assert gradients[B_NAME].tolist() == [10]
    assert gradients[E_NAME].dense(E.shape).reshape(-1).tolist() == [0, 0, 10, 0, 20, 0, 0, 0, 0]


def test_a_repeated_window_counts_once():
    """In `aaaaa`, the window `aaa` occurs three times. Of one filter it is the maximum, which all of dX reaches."""
    network = CharacterNetwork(ALPHABET, np.eye(9)[:, 4:5], np.ones((1, 3, 1)), np.zeros(1))  # counts a's
    forward = network.forward(ALPHABET.spell(["aaaaa"]))
    assert np.count_nonzero(forward.a == forward.X) == 3
    assert network.backward(forward, np.ones((1, 1)))[B_NAME].tolist() == [1]


def test_equal_values_of_different_windows_count_once():
    network = CharacterNetwork(ALPHABET, np.zeros((9, 1)), np.zeros((1, 3, 1)), np.ones(1))
    forward = network.forward(ALPHABET.spell(["abc", "d"]))
    assert network.backward(forward, np.array([[3.0], [4.0]]))[B_NAME].tolist() == [7]


@pytest.mark.parametrize("b", [-1.0, 0.0])
def test_no_gradient_where_no_window_is_positive(b):
    network = CharacterNetwork(ALPHABET, np.zeros((9, 1)), np.zeros((1, 3, 1)), np.array([b]))
    forward = network.forward(ALPHABET.spell(["abc"]))
    assert forward.X.tolist() == [[0]]
    assert network.backward(forward, np.ones((1, 1)))[B_NAME].tolist() == [0]


def test_unknown_characters_share_a_row():
    network = draw()
    X = network.forward(ALPHABET.spell(["xz", "éé", "aa"])).X
    np.testing.assert_array_equal(X[0], X[1])
    assert np.abs(X[0] - X[2]).max() > 0.1


def test_the_middle_of_a_long_form_is_not_read():
    network, ends = draw(), ("abcdeabcdeab", "edcbaedcbaed")
    short, long, other = network.forward(ALPHABET.spell(["".join(ends), "ccc".join(ends), ends[0] + "c"])).X
    np.testing.assert_array_equal(short, long)
    assert np.abs(short - other).max() > 0.1


def test_only_touched_rows_have_gradients():
    network = draw()
    forward = network.forward(ALPHABET.spell(["ab", "ba"]))
    gradient = network.backward(forward, np.ones((2, 6)))[E_NAME]
    assert sorted(gradient.rows.tolist()) == [2, 3, 4, 5]


def test_float32_stays_float32():
    network = draw(dtype=np.float32)
    forward = network.forward(ALPHABET.spell(FORMS))
    gradients = network.backward(forward, np.ones_like(forward.X))
    assert forward.X.dtype == gradients[W_NAME].dtype == gradients[E_NAME].values.dtype == np.float32


def test_rows_that_are_kept_for_tagging_give_the_same_logits(draw_case):
    """Tolerance: float64 sums of some dozens of numbers of size 1."""
    case = draw_case(np.random.default_rng(1), lengths=(6, 1, 4), forms=6, characters=True)
    logits = Projections(case.network, forms=2).logits(case.text, case.F)
    np.testing.assert_allclose(logits, case.network.forward(case.batch()).z2, rtol=0, atol=1e-12)


def everyone_takes_all(windows, a, X, dX):
    """The gradient of every window that equals the maximum, so that ties count twice."""
    da = np.empty_like(a)
    for some, forms in windows.places():
        place = windows.order[forms]
        da[some] = dX[place] * (X[place] > 0) * (a[some] == X[place])
    return da


def the_first_window_takes_all(windows, a, X, dX):
    da = np.zeros_like(a)
    (some, forms), *_ = windows.places()
    da[some] = (dX * (X > 0))[windows.order[forms]]
    return da


@pytest.mark.parametrize(
    ("wrong", "blocks"),
    [(everyone_takes_all, {E_NAME, W_NAME, B_NAME}), (the_first_window_takes_all, {E_NAME, W_NAME})],
)
def test_a_wrong_way_to_the_maximum_is_found(monkeypatch, wrong, blocks):
    monkeypatch.setattr(characters, "route_to_highest", wrong)
    assert {name for name, distance in distances(draw(), FORMS).items() if distance > 1e-3} == blocks
