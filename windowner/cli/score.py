"""`windowner score`."""

import click

from windowner.cli.options import check_columns, column_options, json_option
from windowner.cli.tables import print_scores, write_json
from windowner.scoring.files import score_files


@click.command("score")
@click.argument("gold", type=click.Path())
@click.argument("predicted", type=click.Path())
@json_option
@column_options
def command(gold: str, predicted: str, json_path: str | None, token_column: int, tag_column: int) -> None:
    """Score the tags in the file PREDICTED, from any tagger, against the tags in the file GOLD.

    Both are column files or JSON Lines (.jsonl) of the same tokens, and may be compressed (.gz). Their tag schemes may
    differ. The scores are those of conlleval.

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
