import numpy as np
import pytest

from windowner.report.projection import principal_plane


def test_a_cloud_worked_by_hand():
    """Points (±3, 0, 0), (0, ±1, 0), (0, 0, ±0.5): variances 9 : 1 : 0.25, so the plane shows 10 / 10.25."""
    X = np.concatenate([np.diag(sizes) for sizes in ([3, 1, 0.5], [-3, -1, -0.5])])
    plane = principal_plane(X + 7)
    assert plane.share == pytest.approx(10 / 10.25)
    assert plane.mean == pytest.approx([7, 7, 7])
    assert plane(X + 7) == pytest.approx(X[:, :2])


def test_distances_on_the_plane_are_those_in_space():
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(20, 2))
    basis, _ = np.linalg.qr(rng.normal(size=(7, 2)))
    X = flat @ basis.T
    plane = principal_plane(X)
    assert plane.share == pytest.approx(1)
    distances = [np.linalg.norm(points[:, None] - points, axis=2) for points in (X, plane(X))]
    assert distances[1] == pytest.approx(distances[0])


def test_points_that_are_all_one_have_a_plane():
    assert principal_plane(np.ones((3, 4))).share == 0
