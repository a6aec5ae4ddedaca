"""`windowner eval`."""

from time import perf_counter

import click

from windowner.cli.loading import load_tagger
from windowner.cli.options import (
    check_columns,
    encoding_option,
    format_option,
    json_option,
    rules_option,
    run_tag_column_option,
    run_token_column_option,
)
from windowner.cli.paths import PathOrAddress
from windowner.cli.tables import UNTYPED, print_reliability, print_scores, print_span_scores, write_json
from windowner.cli.terminal import say
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import AUTO
from windowner.runs.calibration import entity_reliability
from windowner.runs.metrics import evaluate_spans, predict_tags
from windowner.runs.score_intervals import corpus_intervals
from windowner.scoring.entities import score
from windowner.scoring.intervals import RESAMPLES
from windowner.scoring.reliability import reliability_as_dict
from windowner.stores.address import AnyPath
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Corpus


@click.command("eval")
@click.argument("model", type=PathOrAddress())
@click.argument("data", type=PathOrAddress())
@json_option
@click.option(
    "--calibration", is_flag=True, help="Also compare probabilities of entities with the share that is correct."
)
@click.option(
    "--interval",
    is_flag=True,
    help="Also give the interval of each score in which it would lie for 95 of 100 texts of this kind and size: a "
    "bootstrap over documents where at least 10 are marked, otherwise over sentences.",
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
    reading = tagger.model.config.data.reading() | {"tokenizer": tagger.model.tokenizer}
    chosen = {"token_column": token_column, "tag_column": tag_column, "format": source_format, "encoding": encoding}
    reading |= {key: value for key, value in chosen.items() if value not in (None, AUTO, "")}
    check_columns(reading["token_column"], reading["tag_column"])
    corpus = read_corpus(data, **reading)
    note_reading(data, corpus, tagger)
    start = perf_counter()
    predicted = predict_tags(tagger, corpus)
    scores = score(corpus.tags, predicted)
    rate = scores.tokens / (perf_counter() - start)
    intervals = corpus_intervals(corpus, predicted, resamples) if interval else None
    spans = evaluate_spans(tagger, data, reading) if corpus.tokenizer and data.exists() else None
    bins = None
    if calibration:
        bins = entity_reliability(tagger, corpus.tokens, corpus.tags, corpus.document_starts)
    if json_path is not None:
        calibrated = {} if bins is None else reliability_as_dict(bins)
        exact = {} if spans is None else {"spans": spans.as_dict()}
        sure = {} if intervals is None else {"interval": intervals.as_dict()}
        write_json({**scores.as_dict(), **sure, **exact, "tokens_per_second": round(rate, 1), **calibrated}, json_path)
    if json_path != "-":
        print_scores(scores, intervals)
        if spans is not None:
            say()
            print_span_scores(spans)
        if bins is not None:
            print_reliability(bins, tagger.model.temperature)
        say(f"{rate:,.0f} tokens/s", err=True)


def note_reading(data: str | AnyPath, corpus: Corpus, tagger: Tagger) -> None:
    """Print how a file was read, and which of its types the tagger does not know."""
    for note in corpus.notes:
        said = note.strip()
        say(said if said.startswith(f"{data}:") else f"{data}: {said}", err=True)
    unknown = sorted(set(corpus.entity_types) - set(tagger.types))
    if unknown:
        names = ", ".join(name or UNTYPED for name in unknown)
        say(f"{data}: the model does not know the types {names}; they count as missed", err=True)
