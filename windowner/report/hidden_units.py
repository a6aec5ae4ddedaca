"""What excites a hidden unit: the words that add most to it, and the positions at which they do.

    z1_h = sum_c P[r_c, c, h] + b1_h      the input of a unit is a sum over the window's positions

A unit listens to a position as far as forms differ there: the share is the standard deviation over r of P[r, c, h],
divided by the sum of these deviations over all positions. `weights.py` has P and the votes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array
from windowner.report.weights import entity_types, projections, votes
from windowner.runs.folder import RunFolder
from windowner.tagger.model import Model

UNITS = 2  # shown per entity type
WORDS = 5  # shown per position


@dataclass(frozen=True)
class HiddenUnit:
    """A hidden unit.

    Parameters
    ----------
    number
        Its number, from 0.
    type
        The entity type for which it votes.
    vote
        The size of its vote, in logits.
    listens
        For each position from left to right, the share of the unit's input that varies there, (C,).
    excited_by
        For each position, the forms that excite the unit most there, with what each adds to its input.
    """

    number: int
    type: str
    vote: float
    listens: list[float]
    excited_by: list[list[tuple[str, float]]]


def loudest_units(votes: Array, per_type: int) -> list[tuple[int, int]]:
    """Return for each entity type the units with the largest votes, each unit once, as (unit, type)."""
    chosen: dict[int, int] = {}
    for type_id in range(votes.shape[1]):
        free = [unit for unit in np.argsort(-votes[:, type_id], kind="stable").tolist() if unit not in chosen]
        chosen.update(dict.fromkeys(free[:per_type], type_id))
    return list(chosen.items())


def hidden_units(model: Model, forms: Sequence[str], per_type: int = UNITS, words: int = WORDS) -> list[HiddenUnit]:
    """Describe the units with the largest votes for each entity type.

    Parameters
    ----------
    model
        The model.
    forms
        Distinct written forms that may excite a unit.
    per_type
        Units per entity type.
    words
        Forms per position.
    """
    if not forms:
        return []
    P, types, strength = projections(model, forms), entity_types(model), votes(model)
    units = []
    for number, type_id in loudest_units(strength, per_type):
        adds = P[:, :, number]  # (R, C)
        spread = adds.std(axis=0)
        tops = np.argsort(-adds, axis=0, kind="stable")[:words].T.tolist()  # (C, words)
        units.append(
            HiddenUnit(
                number=number,
                type=types[type_id],
                vote=float(strength[number, type_id]),
                listens=(spread / max(float(spread.sum()), 1e-12)).tolist(),
                excited_by=[[(forms[r], float(adds[r, c])) for r in rows] for c, rows in enumerate(tops)],
            )
        )
    return units


def dev_units(run: RunFolder) -> list[HiddenUnit]:
    """Describe the hidden units of a run by the words of dev."""
    return hidden_units(
        run.tagger.model, list(dict.fromkeys(token for sentence in run.dev for token in sentence.tokens))
    )
