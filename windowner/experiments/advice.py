"""One sentence of advice that agrees with the numbers.

On the most data, of the settings that are compared with the first one, the one with the largest difference counts:

    its interval lies above zero       it is better: use it
    its interval lies below zero       the first one is better than all: keep that
    else                               no evidence that it matters: keep the first one, which the file names so
"""

from collections.abc import Sequence

from windowner.experiments.differences import Contrast

MODES = {"frozen": ("freezing", "freeze"), "fine-tuned": ("fine-tuning", "fine-tune")}  # the word, and what to do
ORIGINS = {"random": ("random vectors", "start from random vectors")}


def advise(by: str, contrasts: Sequence[Contrast]) -> str:
    """Return the advice: a sentence, or one for each context."""
    if not contrasts:
        return "No two settings are done with the same seed on the same data: nothing can be compared."
    contexts = dict.fromkeys(one.context for one in contrasts)
    return " ".join(_sentence(by, [one for one in contrasts if one.context == context]) for context in contexts)


def _sentence(by: str, contrasts: Sequence[Contrast]) -> str:
    most = max(one.words for one in contrasts)
    there = [one for one in contrasts if one.words == most]
    best = max(there, key=lambda one: one.value)
    subject = (
        name(by, best.other) if by == "vectors.mode" else f"{name(by, best.other)} against {name(by, best.reference)}"
    )
    verb = "gains" if best.value >= 0 else "loses"
    place = f"at {best.words:,} training words" + (f" and {best.context}" if best.context else "")
    seeds = "" if best.n > 1 else ", of one seed"
    return (
        f"{place[0].upper()}{place[1:]} {subject} {verb} {100 * abs(best.value):.1f} F1 "
        f"[{points(best.low)}, {points(best.high)}]{seeds}: {verdict(by, best)}."
    )


def verdict(by: str, best: Contrast) -> str:
    """Say what follows from a difference."""
    if best.low > 0:
        return action(by, best.other)
    if best.high < 0:
        return action(by, best.reference)
    return f"no evidence that it matters; {action(by, best.reference)}"


def name(by: str, value: str) -> str:
    """Name a setting in a sentence."""
    known = _known(by)
    return known[value][0] if value in known else f"{by.partition('.')[2] or by} {value}"


def action(by: str, value: str) -> str:
    """Say that a setting should be used."""
    known = _known(by)
    return known[value][1] if value in known else f"use {value}"


def _known(by: str) -> dict[str, tuple[str, str]]:
    return {"vectors.mode": MODES, "vectors.source": ORIGINS}.get(by, {})


def points(share: float) -> str:
    """Write a difference in points of F1, such that its sign is that of the number written."""
    rounded = round(100 * share, 1)
    return f"{rounded + 0.0:.1f}"
