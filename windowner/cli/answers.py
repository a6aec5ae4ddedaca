"""An experiment's answer on a terminal: tables, and the advice last."""

from collections.abc import Sequence

from windowner.cli.tables import TextTable, print_table
from windowner.cli.terminal import say, say_lines
from windowner.experiments.advice import points
from windowner.experiments.answer import Answer
from windowner.experiments.cells import Cell, MeanScore
from windowner.experiments.contrasts import Contrast, Crossing
from windowner.experiments.finished import SPLIT
from windowner.scoring.entities import RATES
from windowner.text.wording import count_of, type_name


def print_answer(answer: Answer) -> None:
    """Print all tables."""
    say(f"{answer.name}: {answer.base} by {answer.by}; entity F1 on {answer.split}, %", bold=True)
    print_table(score_table(answer.cells, answer.split))
    if answer.contrasts:
        over = "seeds and sentences" if answer.split == SPLIT else "the sentences of all folds"
        say()
        say(f"differences: points of F1, {answer.confidence:.0%} intervals over {over}", bold=True)
        print_table(difference_table(answer.contrasts))
    for crossing in answer.crossings:
        say(describe_crossing(crossing))
    cells = answer.cells_on_most_data
    say()
    say(f"F1 by how well the entities' words are known, at {count_of(cells[0].words, 'training word')}", bold=True)
    print_table(familiarity_table(cells))
    say()
    say(f"precision / recall / F1 of each type, at {count_of(cells[0].words, 'training word')}", bold=True)
    print_table(type_table(cells))
    say()
    say_lines(answer.advice, bold=True)


def score_table(cells: Sequence[Cell], split: str) -> TextTable:
    """Return mean and standard deviation of F1 on a split, and the number of trials, of each setting and amount."""
    tested = any(cell.test for cell in cells)
    heads = ["training words", "setting", f"{split} F1", *(["test F1"] if tested else []), "n", "training, s"]
    table = _table(heads, text=[1])
    for cell in cells:
        test = [with_deviation(cell.test) if cell.test else ""] if tested else []
        label, seconds = cell.setting.label, f"{cell.seconds:.1f}"
        table.add_row(f"{cell.words:,}", label, with_deviation(cell.dev), *test, str(cell.n), seconds)
    return table


def difference_table(contrasts: Sequence[Contrast]) -> TextTable:
    """Return the differences with their intervals."""
    table = _table(["training words", "setting", "against", "difference", "interval", "p", "n"], text=[1, 2])
    for contrast in contrasts:
        table.add_row(
            f"{contrast.words:,}",
            contrast.other.label,
            contrast.reference.value,
            points(contrast.value),
            f"[{points(contrast.low)}, {points(contrast.high)}]",
            f"{contrast.p:.4f}",
            str(contrast.n),
        )
    return table


def describe_crossing(crossing: Crossing) -> str:
    """Say where two learning curves cross."""
    context = f" ({crossing.other.context})" if crossing.other.context else ""
    if not crossing.sure:
        return f"no evidence that the learning curves cross{context}: their order changes within the noise"
    return (
        f"the learning curves cross at about {count_of(crossing.words, 'training word')}{context}: "
        f"with more words {crossing.ahead.value} is ahead"
    )


def familiarity_table(cells: Sequence[Cell]) -> TextTable:
    """Return F1 of each group of entities."""
    groups = list(cells[0].familiarity)
    table = _table(["setting", *groups], text=[0])
    for cell in cells:
        table.add_row(cell.setting.label, *(with_deviation(cell.familiarity[group]) for group in groups))
    return table


def type_table(cells: Sequence[Cell]) -> TextTable:
    """Return precision, recall and F1 of each type under each setting. Whichever are fewer stand in columns."""
    names = sorted({name for cell in cells for name in cell.types})
    if len(cells) <= len(names):
        table = _table(["type", *(cell.setting.label for cell in cells)], text=[0])
        for name in names:
            table.add_row(type_name(name), *(_rates(cell, name) for cell in cells))
        return table
    table = _table(["setting", *(type_name(name) for name in names)], text=[0])
    for cell in cells:
        table.add_row(cell.setting.label, *(_rates(cell, name) for name in names))
    return table


def _rates(cell: Cell, name: str) -> str:
    rates = cell.types.get(name, {})
    return " / ".join(f"{100 * rates.get(rate, 0.0):.1f}" for rate in RATES)


def with_deviation(score: MeanScore) -> str:
    """Return a mean score and its standard deviation in percent."""
    return f"{100 * score.mean:.1f} ± {100 * score.deviation:.1f}"


def _table(heads: Sequence[str], text: Sequence[int]) -> TextTable:
    """Return an empty table. The columns whose numbers are in `text` are aligned left, the others right."""
    table = TextTable(*heads)
    for number, column in enumerate(table.columns):
        column.justify = "left" if number in text else "right"
    return table
