"""The gradient check is itself checked: right rules pass, rules wrong by 0.05 % do not."""

import math

import numpy as np
import pytest

from windowner.graph.numeric import ROUNDINGS, TOLERANCE, check_gradients, passed, sample_entries, worst

IDS = np.array([2, 0, 2, 2, 5])  # row 2 stands three times; rows 1, 3 and 4 not at all


def parameters(seed=1):
    rng = np.random.default_rng(seed)
    shapes = {"table": (6, 4), "W": (4, 3), "b": (3,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def mean_square(theta, factor=1.0, scatter=np.add.at, share=5):
    """J = mean over windows of |h|^2 / 2, h = tanh(table[ids] W + b); its gradients by hand, with places for bugs."""
    x = theta["table"][IDS]
    h = np.tanh(x @ theta["W"] + theta["b"])
    dz = h * (1 - h * h) * (factor / share)
    dtable = np.zeros_like(theta["table"])
    scatter(dtable, IDS, dz @ theta["W"].T)
    return np.sum(h * h) / 2 / len(IDS), {"table": dtable, "W": x.T @ dz, "b": dz.sum(axis=0)}


def counted_once(table, ids, rows):
    table[ids] = rows


def test_right_gradients_pass_with_an_error_near_2e_10():
    checks = check_gradients(mean_square, parameters())
    assert [(check.name, check.shape, check.checked) for check in checks] == [
        ("table", (6, 4), 24),
        ("W", (4, 3), 12),
        ("b", (3,), 3),
    ]
    assert passed(checks)
    assert worst(checks).error < 1e-9


@pytest.mark.parametrize(
    ("bug", "at_least"),
    [
        ({"factor": 1.0005}, 2e-4),  # 0.0005 / (1.0005 + 1)
        ({"scatter": counted_once}, 1e-2),
        ({"share": 1}, 0.5),  # sum for mean over 5 windows: (5 - 1) / (5 + 1)
    ],
)
def test_planted_bugs_are_caught(bug, at_least):
    checks = check_gradients(lambda theta: mean_square(theta, **bug), parameters())
    assert not passed(checks)
    assert worst(checks).error > at_least


def test_the_report_names_block_entry_and_values():
    def one_wrong_entry(theta):
        loss, gradients = mean_square(theta)
        gradients["W"][3, 1] += 0.5
        return loss, gradients

    check = worst(check_gradients(one_wrong_entry, parameters()))
    assert (check.name, check.worst) == ("W", (3, 1))
    assert check.analytic == pytest.approx(check.numeric + 0.5)
    assert str(check).startswith(f"W[3, 1]: analytic {check.analytic:.9g}, numeric ")


def test_parameters_are_restored_bit_by_bit():
    theta = parameters()
    before = {name: block.tobytes() for name, block in theta.items()}
    check_gradients(mean_square, theta, step=0.3)
    assert {name: block.tobytes() for name, block in theta.items()} == before


def test_parameters_are_restored_when_the_function_fails():
    theta = parameters()
    before = theta["table"].tobytes()

    def fails_on_the_way(theta):
        if theta["table"].tobytes() != before:
            raise ZeroDivisionError
        return mean_square(theta)

    with pytest.raises(ZeroDivisionError):
        check_gradients(fails_on_the_way, theta)
    assert theta["table"].tobytes() == before


def test_a_function_may_reuse_its_gradient_buffers():
    buffer = np.zeros(3)

    def square(theta):
        np.multiply(theta["x"], 1.0, out=buffer)
        return np.sum(theta["x"] ** 2) / 2, {"x": buffer}

    # A check that only kept a reference would see the moved entries: an error near 1e-5, not 1e-10.
    assert passed(check_gradients(square, {"x": np.array([1.0, -2.0, 3.0])}))


def test_views_that_are_not_contiguous_are_moved_in_place():
    base = np.arange(12.0).reshape(3, 4)
    checks = check_gradients(lambda theta: (np.sum(theta["x"] ** 3), {"x": 3 * theta["x"] ** 2}), {"x": base.T[1:]})
    assert passed(checks)


@pytest.mark.parametrize("offset", [0.0, 1.0, 1e3])
def test_a_zero_gradient_passes_though_the_loss_is_not_zero(offset):
    """A constant added to the logits leaves the loss, so the gradient in c is zero except for roundoff."""
    rng = np.random.default_rng(3)
    logits = rng.normal(size=(20, 5))

    def cross_entropy(theta):
        shifted = logits + theta["c"]
        p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        return offset - np.log(p[:, 0]).mean(), {"c": np.array([np.sum(p - np.eye(5)[0]) / 20])}

    checks = check_gradients(cross_entropy, {"c": np.array([0.3])})
    assert abs(checks[0].numeric) + abs(checks[0].analytic) > 0  # both are roundoff, with nothing in common
    assert passed(checks)


@pytest.mark.parametrize("scale", [1.0, 1e-2, 1e-4, 1e-6])
def test_the_floor_hides_no_wrong_gradient(scale):
    """0.05 % of a slope of 1e-6 is 5e-10, still five times what roundoff leaves of a loss near 1."""
    theta = {"x": np.array([0.7])}

    def line(theta, factor=1.0):
        return 1 + scale * theta["x"][0], {"x": np.array([scale * factor])}

    assert passed(check_gradients(line, theta))
    assert not passed(check_gradients(lambda theta: line(theta, 1.0005), theta))
    assert not passed(check_gradients(lambda theta: line(theta, 0.0), theta))


def test_the_error_of_a_zero_gradient_is_its_distance_in_units_of_the_roundoff():
    """J = 2 and 9 entries: roundoff = 3 * ROUNDINGS * eps * 2 / 1e-5, and |analytic| = 3e-12, so the floor applies."""
    (check,) = check_gradients(lambda theta: (2.0, {"x": np.full(9, 1e-12)}), {"x": np.ones(9)})
    roundoff = 3 * ROUNDINGS * np.finfo(float).eps * 2 / 1e-5
    assert check.error == pytest.approx(TOLERANCE * 3e-12 / roundoff, rel=1e-12)


def test_a_gradient_that_should_be_zero_is_caught():
    checks = check_gradients(lambda theta: (1.0, {"x": np.full(4, 1e-8)}), {"x": np.ones(4)})
    assert not passed(checks)


def test_exact_zeros_give_zero():
    assert check_gradients(lambda theta: (0.0, {"x": np.zeros(2)}), {"x": np.ones(2)})[0].error == 0


def test_what_is_not_a_number_never_passes_and_is_the_worst():
    theta = {name: np.ones(2) for name in ("wrong", "undefined", "right")}
    gradients = {"wrong": np.ones(2), "undefined": np.array([0, math.nan]), "right": np.zeros(2)}
    checks = check_gradients(lambda theta: (1.0, gradients), theta)
    assert not passed(checks[1:2])
    assert (worst(checks).name, worst(checks).worst) == ("undefined", (1,))
    assert not passed(check_gradients(lambda theta: (math.nan, {"x": np.zeros(2)}), {"x": np.ones(2)}))


def test_a_loss_of_its_own_spares_the_gradients():
    """Two evaluations an entry of the loss alone; the function with its gradients is called once."""
    calls = {"function": 0, "loss": 0}

    def function(theta):
        calls["function"] += 1
        return mean_square(theta)

    def loss(theta):
        calls["loss"] += 1
        return mean_square(theta)[0]

    assert check_gradients(function, parameters(), loss=loss) == check_gradients(mean_square, parameters())
    assert calls == {"function": 1, "loss": 2 * (24 + 12 + 3)}


def test_another_loss_than_the_functions_is_noticed():
    """The slope is the loss's, the gradient the function's."""
    assert not passed(check_gradients(mean_square, parameters(), loss=lambda theta: 1.0005 * mean_square(theta)[0]))


def test_a_sample_is_drawn_without_replacement_and_limits_the_entries():
    moved = []

    def recording(theta):
        moved.extend(np.flatnonzero(theta["x"] != 1.0))
        return theta["x"].sum(), {"x": np.ones(50)}

    theta = {"x": np.ones(50)}
    entries = {"x": sample_entries(theta["x"], 20, np.random.default_rng(1))}
    (check,) = check_gradients(recording, theta, entries=entries)
    assert check.checked == 20
    assert len(set(moved)) == 20
    assert sample_entries(theta["x"], 50, np.random.default_rng(1)).tolist() == list(range(50))


def test_named_entries_are_the_ones_checked():
    def wrong_in_the_last(theta):
        gradient = np.ones(5)
        gradient[4] = 2.0
        return theta["x"].sum(), {"x": gradient}

    theta = {"x": np.ones(5)}
    assert passed(check_gradients(wrong_in_the_last, theta, entries={"x": np.array([0, 3])}))
    (check,) = check_gradients(wrong_in_the_last, theta, entries={"x": np.array([0, 4])})
    assert (check.checked, check.worst) == (2, (4,))


def test_an_empty_block_passes():
    (check,) = check_gradients(lambda theta: (1.0, {"x": np.ones((0, 3))}), {"x": np.ones((0, 3))})
    assert (check.checked, check.error) == (0, 0.0)


@pytest.mark.parametrize(
    ("theta", "gradients", "arguments", "message"),
    [
        ({"x": np.ones(2, np.float32)}, {"x": np.ones(2)}, {}, "x is float32; a numeric gradient needs float64"),
        ({"x": np.ones(2)}, {"y": np.ones(2)}, {}, r"no gradient for x; there are gradients for \['y'\]"),
        ({"x": np.ones(2)}, {"x": np.ones(3)}, {}, r"shape \(3,\); the parameter has \(2,\)"),
        ({"x": np.ones(2)}, {"x": np.ones(2)}, {"entries": {"z": np.array([0])}}, r"\['z'\]; the parameters are"),
    ],
)
def test_mistakes_are_named(theta, gradients, arguments, message):
    with pytest.raises(ValueError, match=message):
        check_gradients(lambda _: (1.0, gradients), theta, **arguments)
