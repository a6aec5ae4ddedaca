"""`windowner score`."""

import click

from windowner.cli.options import check_columns, column_options
from windowner.cli.tables import print_scores, write_json
from windowner.scoring.files import score_files


@click.command("score")
@click.argument("gold", type=click.Path())
@click.argument("predicted", type=click.Path())
@click.option("--json", "json_path", type=click.Path(), help="Write the scores as JSON to a file; - is stdout.")
@column_options
def command(gold: str, predicted: str, json_path: str | None, token_column: int, tag_column: int) -> None:
    """Score the tags in the file PREDICTED, from whatever tagger, against those in GOLD: conlleval without Perl.

    \b
    windowner tag runs/wikigold data/wikigold/test.conll > predicted.conll
    windowner score data/wikigold/test.conll predicted.conll
    """
    check_columns(token_column, tag_column)
    scores = score_files(gold, predicted, token_column=token_column, tag_column=tag_column)
    if json_path is not None:
        write_json(scores.as_dict(), json_path)
    if json_path != "-":
        print_scores(scores)
