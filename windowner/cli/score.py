"""`windowner score`."""

import click

from windowner.cli.options import check_columns, column_options, encoding_option, format_option, json_option
from windowner.cli.paths import LocalPath
from windowner.cli.tables import print_scores, print_span_scores, write_json
from windowner.cli.terminal import say
from windowner.scoring.entities import Scores
from windowner.scoring.exact_spans import SpanScores
from windowner.scoring.files import score_files, tag_columns


@click.command("score")
@click.argument("gold", type=LocalPath(path_type=str))
@click.argument("predicted", type=LocalPath(path_type=str), required=False)
@json_option("the scores")
@column_options
@click.option("--gold-tag-column", type=int, help="Column of the tag in GOLD.  [default: --tag-column]")
@click.option("--predicted-tag-column", type=int, help="Column of the tag in PREDICTED.  [default: --tag-column]")
@format_option
@encoding_option
def command(
    gold: str,
    predicted: str | None,
    json_path: str | None,
    token_column: int,
    tag_column: int,
    gold_tag_column: int | None,
    predicted_tag_column: int | None,
    source_format: str,
    encoding: str,
) -> None:
    """Score the tags in the file PREDICTED, from any tagger, against the tags in the file GOLD.

    Both hold the same tokens, in any format (docs/formats.md), and may be compressed. Their tag schemes may differ.
    With one file alone, its last column but one holds the gold tags, and its last one the predicted tags. The scores
    are those of conlleval. If both files hold text with spans, exact spans of characters are counted.

    \b
    windowner tag runs/wikigold data/wikigold/test.conll > predicted.conll
    windowner score data/wikigold/test.conll predicted.conll
    windowner score predicted.conll
    windowner score gold.bio predicted.txt --token-column 1 --gold-tag-column 0 --predicted-tag-column 2
    """
    gold_column, predicted_column = tag_columns(gold_tag_column, predicted_tag_column, tag_column, predicted is None)
    check_columns(token_column, gold_column)
    check_columns(token_column, predicted_column)
    if predicted is None and gold_column == predicted_column:
        raise click.UsageError(f"gold and predicted tags are both in column {gold_column}, expected two columns")
    notes: list[str] = []
    scores = score_files(
        gold,
        predicted,
        token_column=token_column,
        gold_tag_column=gold_column,
        predicted_tag_column=predicted_column,
        format=source_format,
        encoding=encoding,
        notes=notes,
    )
    for note in notes:
        say(note, err=True)
    if json_path is not None:
        write_json(scores.as_dict(), json_path)
    if json_path != "-":
        show(scores)


def show(scores: Scores | SpanScores) -> None:
    """Print the scores."""
    if isinstance(scores, SpanScores):
        print_span_scores(scores)
    else:
        print_scores(scores)
