"""Why the check runs in float64: the figures of the documentation, in rough bounds."""

import numpy as np

from windowner.graph.steps import step_table


def logistic(theta):
    """J = mean over rows of log(1 + exp(x w)), and its gradient."""
    x = np.random.default_rng(0).normal(size=(20, 6)).astype(theta["w"].dtype)
    z = x @ theta["w"]
    return np.log1p(np.exp(z)).mean(), {"w": x.T @ (1 / (1 + np.exp(-z))) / len(z)}


def test_float32_cannot_reach_the_tolerance_and_float64_is_best_near_1e_5():
    rows = step_table(logistic, {"w": np.random.default_rng(1).normal(size=6)})
    errors = {(dtype, step): error for dtype, step, error in rows}
    assert len(errors) == 20
    assert errors["float64", 1e-5] < 1e-9 < 1e-7 < errors["float64", 1e-1]
    assert errors["float64", 1e-10] > 1e-7
    assert min(error for (dtype, _), error in errors.items() if dtype == "float32") > 1e-6


def test_the_error_has_no_floor():
    """A gradient of 0 where the slope is 1e-9: the check would let it pass as roundoff, the table does not."""
    ((_, _, error),) = step_table(
        lambda theta: (1 + 1e-9 * theta["x"][0], {"x": np.zeros(1)}), {"x": np.ones(1)}, [1e-3], [np.float64]
    )
    assert error > 0.9
