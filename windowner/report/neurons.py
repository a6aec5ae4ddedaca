"""What excites a hidden unit: the words that add most to it, and the position at which they do.

    P    = X @ W            (R, C*H), seen as (R, C, H)      what form r adds to unit h when it stands at position c
    z1_h = sum_c P[r_c, c, h] + b1_h                         so a unit's input is a sum of such entries
    vote = U[h, tags of a type].max() - mean_k U[h, k]       what the unit says for a type when it is excited

A unit listens to a position as far as the forms differ there: the standard deviation over r of P[r, c, h].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array
from windowner.tagger.tagger import Tagger


@dataclass(frozen=True)
class Neuron:
    """A hidden unit.

    Parameters
    ----------
    unit
        Its number.
    type
        The entity type that it speaks for most when it is excited.
    vote
        By how much, in logits.
    listens
        For each position, from left to right, the share of what the unit hears that comes from there, (C,).
    excited_by
        For each position, the forms that excite it most there, with what each adds.
    """

    unit: int
    type: str
    vote: float
    listens: list[float]
    excited_by: list[list[tuple[str, float]]]


def projections(tagger: Tagger, forms: Sequence[str]) -> Array:
    """Return P of some forms, (R, C, H)."""
    F = tagger.model.encoder(forms)
    network = tagger.model.network
    P: Array = network.project(network.embed(F)).reshape(len(forms), *network.W.shape[1:])
    return P


def votes(tagger: Tagger) -> Array:
    """Return what each unit says for each entity type, (H, types): its largest logit, above its mean one."""
    U, of_tag = tagger.model.network.U, tagger.model.tags.type_ids
    types = range(len(tagger.model.tags.types))
    says: Array = np.stack([U[:, of_tag == type_id].max(axis=1) for type_id in types], axis=1)
    says -= U.mean(axis=1, keepdims=True)
    return says


def loudest_units(says: Array, a_type: int) -> list[tuple[int, int]]:
    """Return for each type the units that speak loudest for it, each unit once, as (unit, type)."""
    chosen: dict[int, int] = {}
    for type_id in range(says.shape[1]):
        free = [unit for unit in np.argsort(-says[:, type_id], kind="stable").tolist() if unit not in chosen]
        chosen.update(dict.fromkeys(free[:a_type], type_id))
    return list(chosen.items())


def neurons(tagger: Tagger, forms: Sequence[str], a_type: int = 2, words: int = 5) -> list[Neuron]:
    """Describe the units that speak loudest for each entity type.

    Parameters
    ----------
    tagger
        The tagger.
    forms
        Distinct written forms whose projections are looked at.
    a_type
        Units an entity type.
    words
        Forms a position.
    """
    if not forms:
        return []
    P, says = projections(tagger, forms), votes(tagger)
    found = []
    for unit, type_id in loudest_units(says, a_type):
        adds = P[:, :, unit]  # (R, C)
        spread = adds.std(axis=0)
        tops = np.argsort(-adds, axis=0, kind="stable")[:words].T.tolist()  # (C, words)
        found.append(
            Neuron(
                unit=unit,
                type=tagger.model.tags.types[type_id],
                vote=float(says[unit, type_id]),
                listens=(spread / max(float(spread.sum()), 1e-12)).tolist(),
                excited_by=[[(forms[r], float(adds[r, c])) for r in rows] for c, rows in enumerate(tops)],
            )
        )
    return found
