"""`windowner gradcheck`."""

from collections.abc import Sequence
from pathlib import Path

import click
from tqdm import tqdm

from windowner.cli.options import set_option
from windowner.cli.paths import LocalPath
from windowner.cli.tables import TextTable, print_table
from windowner.cli.terminal import say
from windowner.config.loading import load_config
from windowner.config.sample_config import SAMPLE_CONFIG
from windowner.gradients.check import GRAPH_TOLERANCE, GradientCheck, check_config
from windowner.graph.numeric import TOLERANCE


@click.command("gradcheck")
@click.argument("config", type=LocalPath(), default=SAMPLE_CONFIG)
@click.option(
    "--sample", type=click.IntRange(min=1), default=200, help="Check this many entries of each parameter block."
)
@set_option
@click.pass_context
def command(ctx: click.Context, config: Path, sample: int, overrides: tuple[str, ...]) -> None:
    """Compare three gradients of CONFIG's network: derived by hand, computed by the graph, and numeric.

    Without CONFIG, the network is that of the sample sentences of windowner.

    The loss is that of a few real windows, in double precision. The numeric gradient is a central difference with step
    1e-5. The error of a parameter block is |hand - numeric| / (|hand| + |numeric|), in Euclidean norm. The graph error
    compares the gradient by hand with the graph's in the same way. The exit status is 1 if an error is above 1e-7 or a
    graph error is above 1e-12.

    \b
    windowner gradcheck
    windowner gradcheck mine.toml --set model.nonlinearity=tanh --set model.loss=word
    """
    with tqdm(desc="checking", unit=" losses", disable=None) as bar:
        checks = check_config(load_config(config, overrides), sample, tick=lambda: bar.update())
    print_table(check_table(checks))
    failed = [check.name for check in checks if not check.passed]
    passed = f"all {len(checks)} blocks: numeric within {TOLERANCE:g}, graph within {GRAPH_TOLERANCE:g}"
    say(f"FAILED: {', '.join(failed)}" if failed else passed)
    ctx.exit(1 if failed else 0)


def check_table(checks: Sequence[GradientCheck]) -> TextTable:
    """Return the table of all blocks."""
    table = TextTable()
    for heading in ("block", "shape", "checked", "error", "graph error", "worst entry", "by hand", "graph", "numeric"):
        table.add_column(heading, justify="left" if heading in ("block", "worst entry") else "right")
    for check in checks:
        table.add_row(
            check.name,
            " x ".join(map(str, check.shape)),
            f"{check.checked:,}",
            f"{check.error:.1e}",
            f"{check.graph_error:.1e}",
            ", ".join(map(str, check.worst)),
            *(f"{value:+.9e}" for value in (check.analytic, check.graph, check.numeric)),
            style=None if check.passed else "red",
        )
    return table
