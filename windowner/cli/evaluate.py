"""`windowner eval`."""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import click

from windowner.cli.loading import load_tagger
from windowner.cli.options import (
    encoding_option,
    format_option,
    json_option,
    rules_option,
    run_tag_column_option,
    run_token_column_option,
)
from windowner.cli.paths import PathOrAddress
from windowner.cli.reading import reading_of
from windowner.cli.tables import print_reliability, print_scores, print_span_scores, write_json
from windowner.cli.terminal import say
from windowner.formats.reading import read_corpus
from windowner.runs.calibration import entity_reliability
from windowner.runs.metrics import evaluate_spans, predict_tags
from windowner.runs.score_intervals import corpus_intervals
from windowner.scoring.entities import Scores, score
from windowner.scoring.exact_spans import SpanScores
from windowner.scoring.intervals import RESAMPLES, ScoreIntervals
from windowner.scoring.reliability import Bin, reliability_as_dict
from windowner.stores.address import AnyPath
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Corpus
from windowner.text.wording import type_name


@click.command("eval")
@click.argument("model", type=PathOrAddress())
@click.argument("data", type=PathOrAddress())
@json_option("the scores")
@click.option(
    "--calibration", is_flag=True, help="Also compare probabilities of entities with the share that is correct."
)
@click.option(
    "--interval",
    is_flag=True,
    help="Also give the 95 % interval of each score: a bootstrap over documents where at least 10 are marked, "
    "otherwise over sentences.",
)
@click.option(
    "--resamples", type=click.IntRange(min=100, max=1_000_000), default=RESAMPLES, help="Resamples of --interval."
)
@rules_option
@run_token_column_option
@run_tag_column_option
@format_option
@encoding_option
def command(
    model: AnyPath,
    data: AnyPath,
    json_path: str | None,
    calibration: bool,
    interval: bool,
    resamples: int,
    rules: str,
    token_column: int | None,
    tag_column: int | None,
    source_format: str,
    encoding: str,
) -> None:
    """Score the tagger MODEL on the labelled text DATA.

    MODEL is the folder of a run, or a model file. DATA is a file of any format (docs/formats.md), and may be
    compressed. Both may be addresses, such as s3://bucket/test.conll (docs/scaling.md). Columns, encoding and names of
    tags are those of the run, unless options say otherwise. The scores are those of conlleval. For text with spans,
    exact spans of characters are counted, too.

    \b
    windowner eval runs/wikigold data/wikigold/test.conll
    windowner eval runs/wikigold data/wikigold/test.conll --json - | jq .overall.f1
    windowner eval runs/wikigold data/wikigold/dev.conll --calibration --interval
    windowner eval runs/wikigold data/wikigold/dev.conll --rules rules.jsonl
    """
    tagger = load_tagger(model, rules)
    chosen = {"token_column": token_column, "tag_column": tag_column, "format": source_format, "encoding": encoding}
    reading = reading_of(tagger.model, chosen)
    corpus = read_corpus(data, **reading)
    note_reading(data, corpus, tagger)
    found = evaluate(tagger, corpus, resamples if interval else 0, calibration=calibration)
    if corpus.tokenizer and data.exists():
        found = replace(found, spans=evaluate_spans(tagger, data, reading))
    if json_path is not None:
        write_json(found.as_dict(), json_path)
    if json_path != "-":
        show(found, tagger.model.temperature)


@dataclass(frozen=True)
class Evaluation:
    """What was measured on a text. What was not asked for is None.

    Parameters
    ----------
    scores
        Its scores.
    rate
        Tokens per second.
    intervals
        The intervals of the scores.
    bins
        The entities that were found, by probability.
    spans
        Scores of exact spans of characters, of text with spans.
    """

    scores: Scores
    rate: float
    intervals: ScoreIntervals | None = None
    bins: list[Bin] | None = None
    spans: SpanScores | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return all of it, for JSON."""
        return {
            **self.scores.as_dict(),
            **({} if self.intervals is None else {"interval": self.intervals.as_dict()}),
            **({} if self.spans is None else {"spans": self.spans.as_dict()}),
            "tokens_per_second": round(self.rate, 1),
            **({} if self.bins is None else reliability_as_dict(self.bins)),
        }


def evaluate(tagger: Tagger, corpus: Corpus, resamples: int, *, calibration: bool) -> Evaluation:
    """Score a tagger on labelled text; with resamples also give intervals, and with `calibration` also the bins."""
    start = perf_counter()
    predicted = predict_tags(tagger, corpus)
    scores = score(corpus.tags, predicted)
    rate = scores.tokens / (perf_counter() - start)
    intervals = corpus_intervals(corpus, predicted, resamples) if resamples else None
    bins = None
    if calibration:
        bins = entity_reliability(tagger, corpus.tokens, corpus.tags, corpus.document_starts)
    return Evaluation(scores, rate, intervals, bins)


def show(found: Evaluation, temperature: float) -> None:
    """Print what was measured."""
    print_scores(found.scores, found.intervals)
    if found.spans is not None:
        say()
        print_span_scores(found.spans)
    if found.bins is not None:
        print_reliability(found.bins, temperature)
    say(f"{found.rate:,.0f} tokens/s", err=True)


def note_reading(data: str | AnyPath, corpus: Corpus, tagger: Tagger) -> None:
    """Print how a file was read, and which of its types the tagger does not know."""
    for note in corpus.notes:
        said = note.strip()
        say(said if said.startswith(f"{data}:") else f"{data}: {said}", err=True)
    unknown = sorted(set(corpus.entity_types) - set(tagger.types))
    if unknown:
        names = ", ".join(type_name(name) for name in unknown)
        say(f"{data}: the model does not know the types {names}; they count as missed", err=True)
