"""The bundled answer: from the experiments of `make experiments` to README.md and docs/frozen-or-finetuned.md.

Reads the results.json of each corpus, trains nothing, and writes between the pages' markers. The picture is
docs/frozen-or-finetuned.svg.
"""

import json
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import click

from docs.pages import ROOT, docs_option, table, write
from studies.lecture.pictures import FAINT, SERIES, save, sheet
from studies.trainings import CORPORA
from windowner.runs.word_vectors import FREEZE_BELOW

MODES = {"frozen": "frozen", "fine-tuned": "fine-tuned", "frozen-then-fine-tuned": "thawed"}
"""The modes, and what the tables call them."""

FINE_TUNED, THAWED = tuple(MODES)[1:]
DIFFERENCES = ("fine-tuned - frozen (95 %)", "thawed - frozen (95 %)")
NO_EVIDENCE = "there is no evidence of a difference"
PICTURE = "![Learning curves, frozen, fine-tuned and thawed]({}frozen-or-finetuned.svg)"

Result = dict[str, Any]


def load(runs: Path, corpus: str) -> Result:
    """Read a corpus's results."""
    path = runs / f"frozen-vs-finetuned-{corpus}" / "results.json"
    if not path.exists():
        raise click.ClickException(f"{path}: no such file; make experiments writes it")
    result: Result = json.loads(path.read_text(encoding="utf-8"))
    if result["failed"]:
        raise click.ClickException(f"{path}: {len(result['failed'])} trials failed")
    return result


def cell(result: Result, mode: str, fraction: float = 1.0) -> Result:
    """Return a setting's cell."""
    return next(one for one in result["cells"] if (one["value"], one["fraction"]) == (mode, fraction))


def score(found: Result | None) -> str:
    """Write a mean and its deviation in percent."""
    return f"{100 * found['mean']:.1f} ± {100 * found['deviation']:.1f}" if found else ""


def difference(one: Result) -> str:
    """Write a difference with its interval, bold where the interval leaves zero out."""
    text = f"{100 * one['value']:+.1f} [{100 * one['low']:+.1f}, {100 * one['high']:+.1f}]"
    return f"**{text}**" if one["low"] > 0 or one["high"] < 0 else text


def contrast(result: Result, mode: str = FINE_TUNED, fraction: float = 1.0) -> Result:
    """Return the difference of a mode from frozen."""
    return next(one for one in result["contrasts"] if (one["other"], one["fraction"]) == (mode, fraction))


def bold_sentence(results: Sequence[Result]) -> str:
    """Return the answer of all corpora together in one sentence."""
    mean = mean_contrast(results)
    value, low, high = (100 * mean[part] for part in ("value", "low", "high"))
    numbers = ("no", "one", "two", "three", "four", "five", "six", "seven")
    together = f"On {numbers[len(results)] if len(results) < len(numbers) else len(results)} bundled corpora together"
    if low <= 0 <= high:
        found = f"there is no evidence that fine-tuned word vectors differ from frozen ones: {value:+.1f} points"
    elif value > 0:
        found = f"fine-tuned word vectors are better than frozen ones by {value:.1f} points"
    else:
        found = f"frozen word vectors are better than fine-tuned ones by {-value:.1f} points"
        low, high = -high, -low
    thawed = difference(mean_contrast(results, THAWED)).strip("*")
    return (
        f"**{together}, {found} of entity F1 on dev (95 % interval {low:.1f} to {high:.1f}).** Vectors that are "
        f"frozen for the first half of the steps, and then fine-tuned, differ from frozen ones by {thawed} points."
    )


def answer_table(results: Sequence[Result]) -> str:
    """Return the scores of each corpus on all training words, and the sentence that they justify."""
    rows = []
    for result in results:
        cells = [cell(result, mode) for mode in MODES]
        scores = [f"{score(one['dev'])} / {score(one['test'])}" for one in cells]
        seconds = " / ".join(f"{one['seconds']:.0f}" for one in cells)
        differences = [difference(contrast(result, mode)) for mode in (FINE_TUNED, THAWED)]
        rows.append([result["base"], f"{cells[0]['words']:,}", *scores, *differences, seconds])
    means = [difference(mean_contrast(results, mode)) for mode in (FINE_TUNED, THAWED)]
    rows.append(["mean difference", *[""] * (1 + len(MODES)), *means, ""])
    heads = ["corpus", "training words", *(f"{name}: dev / test" for name in MODES.values()), *DIFFERENCES]
    return f"{table([*heads, 'training, s'], rows)}\n\n{sentence(results)}"


def mean_contrast(results: Sequence[Result], mode: str = FINE_TUNED) -> Result:
    """Return the mean difference over corpora; they are independent, so the squares of half intervals add up."""
    found = [contrast(result, mode) for result in results]
    value = sum(one["value"] for one in found) / len(found)
    half = sqrt(sum(((one["high"] - one["low"]) / 2) ** 2 for one in found)) / len(found)
    return {"value": value, "low": value - half, "high": value + half}


def sentence(results: Sequence[Result]) -> str:
    """Say in how many corpora fine-tuning is better, worse or neither, on all of their words."""
    found = [contrast(result) for result in results]
    better = [result["base"] for result, each in zip(results, found, strict=True) if each["low"] > 0]
    worse = [result["base"] for result, each in zip(results, found, strict=True) if each["high"] < 0]
    open_ = [result["base"] for result in results if result["base"] not in (*better, *worse)]
    parts = [
        f"**fine-tuning is better on {listed(better)}**" if better else "",
        f"**freezing is better on {listed(worse)}**" if worse else "",
        f"{'there is no evidence of a difference on' if better or worse else 'no evidence of a difference on any:'} "
        f"{listed(open_)}"
        if open_
        else "",
    ]
    most = max(one["words"] for one in found)
    rule = (
        f"The lecture's rule of thumb says to freeze on all of them (fewer than {FREEZE_BELOW:,} training words)."
        if most < FREEZE_BELOW
        else f"The lecture's rule of thumb says to freeze below {FREEZE_BELOW:,} training words."
    )
    mean = mean_contrast(results)
    verdict = "fine-tuning is better" if mean["low"] > 0 else "freezing is better" if mean["high"] < 0 else NO_EVIDENCE
    together = f"Over all {len(results)} together, {verdict}: {difference(mean).strip('*')} points."
    return f"With all training words, {'; '.join(filter(None, parts))}. {together} {rule}"


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def amounts(results: Sequence[Result]) -> str:
    """Return one row per corpus and amount of data."""
    rows = []
    for result in results:
        for one in result["contrasts"]:
            if one["other"] == FINE_TUNED:
                scores = [score(cell(result, mode, one["fraction"])["dev"]) for mode in MODES]
                differences = [difference(one), difference(contrast(result, THAWED, one["fraction"]))]
                rows.append([result["base"], f"{one['words']:,}", *scores, *differences])
    return table(["corpus", "training words", *MODES.values(), *DIFFERENCES], rows)


def crossing_lines(results: Sequence[Result]) -> str:
    """Return where learning curves cross."""
    lines = []
    for result in results:
        where = [
            f"at about {one['words']:,} training words ({ahead} is ahead beyond{noise})"
            for one in result["crossings"]
            if one["other"] == FINE_TUNED
            for ahead in [one["other" if one["upwards"] else "reference"]]
            for noise in ["" if one["sure"] else ", within the noise"]
        ]
        measured = listed([f"{one['words']:,}" for one in result["contrasts"] if one["other"] == FINE_TUNED])
        lines.append(f"- {result['base']}: {listed(where) or f'not between the amounts measured ({measured} words)'}")
    return "\n".join(lines)


def familiarity(results: Sequence[Result]) -> str:
    """Return F1 by how well words are known, on all training words."""
    rows = []
    for result in results:
        frozen, *others = (cell(result, mode)["familiarity"] for mode in MODES)
        for group in frozen:
            changes = [f"{100 * (one[group]['mean'] - frozen[group]['mean']):+.1f}" for one in others]
            scores = [score(one[group]) for one in (frozen, *others)]
            rows.append([f"{result['base']}, {group}", *scores, *changes])
    return table(["entities of dev", *MODES.values(), "change, fine-tuned", "change, thawed"], rows)


def advice(results: Sequence[Result]) -> str:
    """Return the sentence of each corpus."""
    return "\n".join(f"- {result['base']}: {result['advice']}" for result in results)


def draw(results: Sequence[Result], path: Path) -> None:
    """Draw the learning curves, one panel per corpus, with bands of one standard deviation."""
    figure, panels = sheet(10, 2.7, len(results))
    for axes, result in zip(panels, results, strict=True):
        for (mode, name), colour in zip(MODES.items(), SERIES[: len(MODES)], strict=True):
            cells = sorted((one for one in result["cells"] if one["value"] == mode), key=lambda one: one["words"])
            words = [one["words"] for one in cells]
            means, deviations = ([100 * one["dev"][part] for one in cells] for part in ("mean", "deviation"))
            low = [mean - deviation for mean, deviation in zip(means, deviations, strict=True)]
            high = [mean + deviation for mean, deviation in zip(means, deviations, strict=True)]
            axes.fill_between(words, low, high, color=colour, alpha=0.18, linewidth=0)
            axes.plot(words, means, color=colour, marker="o", markersize=3.5, label=name)
        axes.set_title(result["base"], fontsize=10)
        axes.set_xscale("log")
        axes.set_xticks(words, [f"{count / 1000:.0f}k" for count in words])
        axes.minorticks_off()
        axes.grid(axis="y", color=FAINT, alpha=0.3)
    panels[0].set_ylabel("entity F1 on dev, %")
    panels[0].legend(frameon=False)
    figure.supxlabel("training words", fontsize=10)
    save(figure, path)


@click.command()
@docs_option
@click.option("--runs", type=click.Path(path_type=Path), default=ROOT / "runs", help="Folder of the experiments.")
@click.option("--corpus", "corpora", multiple=True, default=CORPORA, show_default=True, help="A corpus; repeatable.")
def main(docs: Path, runs: Path, corpora: tuple[str, ...]) -> None:
    """Write both pages and the picture."""
    results = [load(runs, corpus) for corpus in corpora]
    page = docs / "frozen-or-finetuned.md"
    write(docs.parent / "README.md", "frozen-or-finetuned", f"{bold_sentence(results)}\n\n{PICTURE.format('docs/')}")
    for section, text in (
        ("answer", f"{answer_table(results)}\n\n{PICTURE.format('')}"),
        ("advice", advice(results)),
        ("amounts", amounts(results)),
        ("crossings", crossing_lines(results)),
        ("familiarity", familiarity(results)),
    ):
        write(page, section, text)
    draw(results, page.with_suffix(".svg"))
    click.echo(f"{answer_table(results)}\n\n{bold_sentence(results)}")


if __name__ == "__main__":
    main()
