"""The lecture's pictures of graphs, the table of the numeric check's steps, and the range test: `make lecture`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from docs.pages import docs_option, table, write
from studies.lecture.pictures import FAINT, GRADIENT, VALUE, save, sheet
from studies.lecture.trials import WORDS_ONLY, settings
from windowner.arrays import Array
from windowner.gradients.graph import differentiate_window
from windowner.graph.expressions import differentiate
from windowner.graph.show.drawing import picture_bytes
from windowner.graph.show.view import view_graph
from windowner.graph.steps import STEPS, step_table
from windowner.inputs.batches import Distinct, make_batch
from windowner.inputs.tables import Table
from windowner.network.model import WindowNetwork
from windowner.network.rows import dense
from windowner.runs.preparation import Prepared, prepare
from windowner.training.optimizers import RULES
from windowner.training.rate_test import RateTest, rate_test
from windowner.training.trainer import Trainer

Keys = tuple[str, ...]

SMALL = (*WORDS_ONLY, "model.hidden=8")
SMALLEST = (*WORDS_ONLY, "model.hidden=4", "model.radius=1", "vectors.mode=fine-tuned")
SENTENCE_LENGTH = 5  # tokens, of the sentence on which steps are compared
SENTENCE, WORD, TAG = "museums in Paris are amazing", 2, "S-LOC"
NOISY = 10  # first steps of a range test, whose slope says little
HIGHEST_RATE = {"sgd": 100.0, "momentum": 10.0, "nesterov": 10.0, "adagrad": 10.0}
DRAWN = {"adam": VALUE, "sgd": GRADIENT}


def scalar_example(docs: Path) -> None:
    """Draw the lecture's graph of three numbers."""
    found = differentiate("(x + y) * max(y, z)", {"x": 1, "y": 2, "z": 0})
    content = picture_bytes(view_graph(found.values, found.gradients), ".svg")
    (docs / "lecture" / "scalar-graph.svg").write_bytes(content)


def window_graph(docs: Path, keys: Keys) -> None:
    """Draw the graph of one window, before training."""
    model = prepare(settings((*SMALL, *keys), seed=0)).model
    tag = model.tags.names.index(TAG)
    graph = differentiate_window(model.network, model.encoder, SENTENCE.split(), WORD, tag)
    (docs / "lecture" / "window-graph.svg").write_bytes(picture_bytes(view_graph(*graph), ".svg"))


def steps(docs: Path, keys: Keys) -> None:
    """Measure the error of right gradients against step and precision, and write the table."""
    function, parameters = small_loss(prepare(settings((*SMALLEST, *keys), seed=0)))
    errors = {(dtype, step): error for dtype, step, error in step_table(function, parameters)}
    rows = [[f"{step:.0e}", *(f"{errors[dtype, step]:.0e}" for dtype in ("float64", "float32"))] for step in STEPS]
    write(docs / "lecture.md", "steps", table(("step", "error in float64", "error in float32"), rows))


def small_loss(prepared: Prepared) -> tuple[Callable[..., Any], dict[str, Array]]:
    """Return the loss of one training sentence as a function of its parameters, and the parameters."""
    network, training = prepared.members[0], prepared.training
    sentence = int(np.flatnonzero(np.diff(training.text.offsets) == SENTENCE_LENGTH)[0])
    text = training.text.sentences(sentence, sentence + 1)
    batch = make_batch(text, training.F, Distinct(len(training.F)))
    rows, places = np.unique(batch.F, return_inverse=True)  # a table of the rows that it needs
    batch = replace(batch, F=places.reshape(batch.F.shape).astype(np.int32))
    network = replace(network, tables=[Table("words", network.tables[0].E[rows], trainable=len(rows))])

    def function(parameters: dict[str, Array]) -> tuple[float, dict[str, Array]]:
        W, b1, U, b2 = (parameters[name] for name in ("W", "b1", "U", "b2"))
        words = network.tables[0].with_rows(parameters["E.words"])
        moved = WindowNetwork([words], W, b1, U, b2, network.nonlinearity)
        loss, gradients = moved.loss(batch, l2=1e-3)
        return loss, {name: dense(gradient, parameters[name].shape) for name, gradient in gradients.items()}

    return function, network.parameters


def learning_rates(docs: Path, keys: Keys) -> None:
    """Run the range test for every optimizer; draw two, and write the suggestions."""
    tests = {}
    for name in tqdm(RULES, desc="range tests", disable=None):
        prepared = prepare(settings((f"train.optimizer={name}", *keys), seed=0))
        trainer = Trainer(prepared.members[0], prepared.training, prepared.model.config.train, prepared.rng)
        tests[name] = rate_test(trainer, 1e-5, HIGHEST_RATE.get(name, 1.0))
    draw_rates({name: tests[name] for name in DRAWN}, docs / "lecture" / "learning-rates.svg")
    rows = [
        ["where the loss falls fastest", *(f"{steepest(test):.1g}" for test in tests.values())],
        [
            "a tenth of the rate where it is least, the suggestion",
            *(f"{test.suggestion:.1g}" for test in tests.values()),
        ],
    ]
    write(docs / "choices.md", "lr-find", table(("learning rate", *(f"`{name}`" for name in tests)), rows))


def steepest(test: RateTest) -> float:
    """Return the rate at which the smoothed loss falls fastest, per unit of log rate, on its way to its minimum."""
    descent = slice(NOISY, int(test.smoothed.argmin()) + 1)
    slope = np.gradient(test.smoothed[descent], np.log(test.rates[descent]))
    return float(test.rates[descent][slope.argmin()])


def draw_rates(tests: dict[str, RateTest], path: Path) -> None:
    """Draw loss against rate."""
    figure, (axes,) = sheet(6.4, 3.6)
    for name, test in tests.items():
        axes.plot(test.rates, test.losses, color=DRAWN[name], alpha=0.25, linewidth=1)
        axes.plot(test.rates, test.smoothed, color=DRAWN[name], label=name)
        axes.axvline(test.suggestion, color=DRAWN[name], linestyle=":")
        axes.annotate(f" {test.suggestion:.1g}", (test.suggestion, 0.05), color=DRAWN[name], va="bottom", ha="left")
    axes.plot([], [], color=FAINT, linestyle=":", label="suggested")
    top = 1.3 * max(test.smoothed[0] for test in tests.values())
    axes.set(xscale="log", xlabel="learning rate", ylabel="loss, smoothed", ylim=(0, top))
    axes.legend(frameon=False)
    save(figure, path)


@click.command()
@docs_option
@click.option("--set", "keys", multiple=True, help="section.key=value of all networks; repeatable.")
def main(docs: Path, keys: Keys) -> None:
    """Draw and measure."""
    scalar_example(docs)
    window_graph(docs, keys)
    with threadpool_limits(limits=1, user_api="blas"):
        steps(docs, keys)
        learning_rates(docs, keys)


if __name__ == "__main__":
    main()
