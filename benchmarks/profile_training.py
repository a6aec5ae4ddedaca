"""What bounds a training step: `python -m benchmarks.profile_training`.

Prints a Markdown table: the CPU time of the parts of a step, for the lecture's model as `make bench` trains it (batches
of several sizes), and for the default network. Each part is a function of the package, which this script times inside
the training. `rest` is the time of a step that is in none of these parts: other numpy calls and Python. The product dW
has no function of its own. A product of the same shapes is timed in its place, and subtracted from the rest.

The last rows show how many function calls a step makes, without operators, and how fast the products are against this
machine's large matrix product.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from cProfile import Profile
from pathlib import Path
from pstats import Stats
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import click
import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.peers.machine_rates import product_rate
from benchmarks.peers.prepare import prepare_corpus, prepare_lecture
from benchmarks.peers.windowner_training import load_network, load_text, new_trainer
from benchmarks.workloads.training import RATE
from docs.pages import ROOT, table
from windowner.config.loading import load_config
from windowner.inputs.incidence import Incidence, Transposed
from windowner.network.document import DocumentHead
from windowner.network.model import WindowNetwork
from windowner.runs.preparation import prepare
from windowner.training import trainer as trainer_module
from windowner.training.optimizers import Optimizer
from windowner.training.trainer import Trainer

PARTS: dict[str, tuple[Any, str]] = {
    "P = X W": (WindowNetwork, "project"),
    "dX = dP W.T": (WindowNetwork, "_form_gradient"),
    "z1 = S P + b1": (Incidence, "plus_product"),
    "dP = S.T dz1, sums over table rows": (Transposed, "__matmul__"),
    "loss and dz2": (WindowNetwork, "loss_of_logits"),
    "document head, forward": (DocumentHead, "forward"),
    "document head, backward": (DocumentHead, "backward"),
    "dropout masks": (trainer_module, "draw_masks"),
    "optimizer": (Optimizer, "step"),
}
BATCHES, DW, REST = "batches", "dW = X.T dP", "rest"
PRODUCTS = ("P = X W", DW, "dX = dP W.T")


class Timed:
    """A function whose CPU seconds are summed."""

    def __init__(self, function: Callable[..., Any]):
        self.function, self.seconds = function, 0.0

    def method(self) -> Callable[..., Any]:
        """Return the function to put in its place."""

        def call(*arguments: Any, **options: Any) -> Any:
            start = process_time()
            answer = self.function(*arguments, **options)
            self.seconds += process_time() - start
            return answer

        return call


@contextmanager
def timed_parts() -> Iterator[dict[str, Timed]]:
    """Replace the functions of all parts by timed ones."""
    timers = {part: Timed(getattr(owner, name)) for part, (owner, name) in PARTS.items()}
    for part, (owner, name) in PARTS.items():
        setattr(owner, name, timers[part].method())
    try:
        yield timers
    finally:
        for part, (owner, name) in PARTS.items():
            setattr(owner, name, timers[part].function)


def seconds_of(work: Callable[[], Any]) -> float:
    """Return the CPU seconds of some work."""
    start = process_time()
    work()
    return process_time() - start


def time_dW(trainer: Trainer, least_seconds: float = 0.2) -> tuple[float, float]:
    """Return the CPU seconds of the product dW of a batch with the mean number R of forms, and that number."""
    R = float(np.mean([len(batch.F) for batch in trainer.batches()]))
    D, C, H = trainer.network.W.shape
    rng = np.random.default_rng(0)
    X, dP = (rng.random((round(R), n), dtype=np.float32) for n in (D, C * H))
    calls, start = 0, process_time()
    while (used := process_time() - start) < least_seconds:
        X.T @ dP
        calls += 1
    return used / calls, R


def profile(trainer: Trainer, epochs: int) -> tuple[dict[str, float], float, float]:
    """Return the microseconds per step of each part, the function calls per step, and the products' operations/s."""
    trainer.train_epoch(1)
    steps = len(trainer.batches())
    seconds = {BATCHES: min(seconds_of(lambda: list(trainer.batches())) for _ in range(epochs)) / steps}
    whole = min(seconds_of(lambda: trainer.train_epoch(1)) for _ in range(epochs)) / steps
    with timed_parts() as timers:
        for _ in range(epochs):
            trainer.train_epoch(1)
    seconds |= {part: timer.seconds / steps / epochs for part, timer in timers.items()}
    seconds[DW], R = time_dW(trainer)
    seconds[REST] = max(0.0, whole - sum(seconds.values()))
    counter = Profile()
    counter.runcall(trainer.train_epoch, 1)
    calls = Stats(counter).total_calls / steps  # type: ignore[attr-defined]
    operations = 2 * R * trainer.network.W.size * len(PRODUCTS)
    rate = operations / sum(seconds[part] for part in PRODUCTS)
    return {part: 1e6 * used for part, used in seconds.items()}, calls, rate


def default_trainer(config: Path) -> Trainer:
    """Return a trainer of a config's network."""
    prepared = prepare(load_config(config, ['data.test=""']))
    return Trainer(prepared.members[0], prepared.training, prepared.model.config.train, prepared.rng)


def lecture_trainers(corpus: str, vectors: str, size: int, batches: tuple[int, ...]) -> Iterator[Trainer]:
    """Yield trainers of the lecture's model, with tables of all pretrained words in this many dimensions."""
    with TemporaryDirectory() as folder:
        parts = [str(ROOT / "data" / corpus / f"{part}.conll") for part in ("train", "dev", "test")]
        prepare_corpus({"folder": folder, "files": parts})
        prepare_lecture({"corpus": folder, "folder": folder, "vectors": {"source": vectors}, "size": size})
        for batch in batches:
            yield new_trainer(load_network(Path(folder), fine_tuned=True), load_text(Path(folder)), batch, RATE)


@click.command()
@click.option(
    "--batch", "batches", multiple=True, default=(32, 128, 1024), show_default=True, help="Windows per batch."
)
@click.option("--corpus", default="ncbi-disease", show_default=True, help="Bundled corpus of the lecture's model.")
@click.option("--size", default=100, show_default=True, help="Dimensions D of the lecture's word vectors.")
@click.option("--vectors", default="glove-6b-50d", show_default=True, help="Vectors whose words the table has.")
@click.option("--epochs", default=3, show_default=True, help="Epochs that each figure is measured in.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=ROOT / "configs" / "wikigold.toml",
    help="Config of the default network.",
)
def main(batches: tuple[int, ...], corpus: str, size: int, vectors: str, epochs: int, config: Path) -> None:
    """Print the table."""
    columns = {}
    with threadpool_limits(limits=1, user_api="blas"):
        for batch, trainer in zip(batches, lecture_trainers(corpus, vectors, size, batches), strict=True):
            columns[f"lecture, {batch:,}"] = profile(trainer, epochs)
        trainer = default_trainer(config)
        columns[f"default, {trainer.settings.batch}"] = profile(trainer, epochs)
        limit = product_rate()
    parts = (*PRODUCTS, *(part for part in PARTS if part not in PRODUCTS), BATCHES, REST)
    wholes = [sum(used.values()) for used, _, _ in columns.values()]
    rows = [
        [
            part,
            *(
                f"{used[part]:,.0f} ({used[part] / whole:.0%})"
                for (used, _, _), whole in zip(columns.values(), wholes, strict=True)
            ),
        ]
        for part in parts
    ]
    rows += [
        ["**step**", *(f"**{whole:,.0f}**" for whole in wholes)],
        ["function calls per step", *(f"{calls:,.0f}" for _, calls, _ in columns.values())],
        ["rate of the products", *(f"{rate / limit:.0%}" for _, _, rate in columns.values())],
    ]
    click.echo(table(["µs per step", *columns], rows))


if __name__ == "__main__":
    main()
