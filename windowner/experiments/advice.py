"""One sentence of advice that agrees with the numbers.

On the most data, the contrast with the largest difference decides:

    no setting reaches 5 points of F1  nothing is learnt yet: no advice
    its interval lies above zero       the other setting is better: use it
    its interval lies below zero       the reference is better than every other setting: keep it
    otherwise                          no evidence of a difference: keep the reference, the file's first value
"""

from collections.abc import Sequence

from windowner.experiments.cells import Cell
from windowner.experiments.contrasts import Contrast, on_most_data
from windowner.experiments.grid import short_name
from windowner.text.wording import count_of

PHRASES = {  # of values that have a phrase of their own: as the subject of a sentence, and as an order
    "vectors.mode": {
        "frozen": ("freezing", "freeze"),
        "fine-tuned": ("fine-tuning", "fine-tune"),
        "frozen-then-fine-tuned": ("freezing and then fine-tuning", "freeze, then fine-tune"),
    },
    "vectors.source": {"random": ("random vectors", "start from random vectors")},
}

LEARNT = 0.05
"""The mean F1 on dev below which a setting has learnt nothing. Differences of such settings say nothing."""


def advise(by: str, contrasts: Sequence[Contrast], cells: Sequence[Cell]) -> str:
    """Return the advice: one sentence per context.

    Parameters
    ----------
    by
        The compared key.
    contrasts
        The contrasts of all contexts and amounts of data.
    cells
        The scores of all settings.
    """
    if not contrasts:
        return "No two settings are done with the same seed on the same data: nothing can be compared."
    contexts = dict.fromkeys(contrast.context for contrast in contrasts)
    return " ".join(_sentence(by, [c for c in contrasts if c.context == context], cells) for context in contexts)


def _sentence(by: str, contrasts: Sequence[Contrast], cells: Sequence[Cell]) -> str:
    on_most = on_most_data(contrasts)
    best = on_most[0]
    place = count_of(best.words, "training word") + (f" and {best.context}" if best.context else "")
    highest = _highest_f1(on_most, cells)
    if highest < LEARNT:
        return f"At {place}, no setting has an F1 above {points(highest)}. Nothing is learnt yet: no advice."
    against = f" against {as_subject(by, best.reference.value)}"
    if by == "vectors.mode" and len(on_most) == 1:  # there is only one other mode
        against = ""
    verb = "gains" if best.value >= 0 else "loses"
    seeds = "" if best.n > 1 else ", with one seed"
    return (
        f"At {place}, {as_subject(by, best.other.value)} {verb} {100 * abs(best.value):.1f} points of F1{against} "
        f"[{points(best.low)}, {points(best.high)}]{seeds}: {verdict(by, best)}."
    )


def _highest_f1(contrasts: Sequence[Contrast], cells: Sequence[Cell]) -> float:
    """Return the highest mean F1 of the settings of contrasts, which are on one amount of data."""
    numbers = {setting.number for contrast in contrasts for setting in (contrast.reference, contrast.other)}
    fraction = contrasts[0].fraction
    return max(cell.dev.mean for cell in cells if cell.setting.number in numbers and cell.fraction == fraction)


def verdict(by: str, best: Contrast) -> str:
    """Return what follows from the contrast with the largest difference."""
    if best.low > 0:
        return as_order(by, best.other.value)
    if best.high < 0:
        return as_order(by, best.reference.value)
    return f"no evidence of a difference; keep {best.reference.value}, which the file names first"


def as_subject(by: str, value: str) -> str:
    """Return a value of the compared key as the subject of a sentence."""
    phrase = PHRASES.get(by, {}).get(value)
    return phrase[0] if phrase else f"{short_name(by)} {value}"


def as_order(by: str, value: str) -> str:
    """Return the order to use a value of the compared key."""
    phrase = PHRASES.get(by, {}).get(value)
    return phrase[1] if phrase else f"use {value}"


def points(share: float) -> str:
    """Write a difference in points of F1; a difference that rounds to zero has no sign."""
    rounded = round(100 * share, 1)
    return f"{rounded + 0.0:.1f}"
