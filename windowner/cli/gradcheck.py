"""`windowner gradcheck`."""

from pathlib import Path

import click
from rich.table import Table
from tqdm import tqdm

from windowner.cli.options import set_option
from windowner.cli.tables import print_table
from windowner.config.loading import load_config
from windowner.gradients.check import GRAPH_TOLERANCE, check_config
from windowner.graph.numeric import TOLERANCE


@click.command("gradcheck")
@click.argument("config", type=click.Path(path_type=Path), default=Path("configs/wikigold.toml"))
@click.option("--sample", type=click.IntRange(min=1), default=200, help="Entries to check in each parameter block.")
@set_option
@click.pass_context
def command(ctx: click.Context, config: Path, sample: int, overrides: tuple[str, ...]) -> None:
    """Compare three gradients of the network of CONFIG: derived by hand, by the computation graph, and numeric.

    CONFIG is configs/wikigold.toml by default.

    A few real windows, double precision, central difference with step 1e-5. The error of a block is
    |hand - numeric| / (|hand| + |numeric|), in Euclidean norm, and likewise for the graph; above 1e-7 for the numeric
    gradient, or 1e-12 for the graph's, the exit status is 1.

    \b
    windowner gradcheck configs/wikigold.toml
    windowner gradcheck configs/wikigold.toml --set model.nonlinearity=relu --set vectors.mode=fine-tuned
    """
    with tqdm(desc="checking", unit=" losses", disable=None) as bar:
        checks = check_config(load_config(config, overrides), sample, tick=lambda: bar.update())
    table = Table(box=None, pad_edge=False, header_style="bold")
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
    print_table(table)
    failed = [check.name for check in checks if not check.passed]
    fine = f"all {len(checks)} blocks: numeric within {TOLERANCE:g}, graph within {GRAPH_TOLERANCE:g}"
    click.echo(f"FAILED: {', '.join(failed)}" if failed else fine)
    ctx.exit(1 if failed else 0)
