"""`windowner review`."""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from windowner.cli.options import FOLD_HELPS, key_options, set_option
from windowner.cli.paths import LocalPath
from windowner.cli.tables import TextTable, print_table, write_text
from windowner.cli.terminal import say, say_lines
from windowner.cli.train import read_settings
from windowner.cli.trial_progress import TrialProgress
from windowner.config.config import Config
from windowner.experiments.cross_validation import FOLDS, cross_validate, default_folder
from windowner.experiments.manifest_file import kept_folds
from windowner.experiments.running import Workplace
from windowner.files import shown_path
from windowner.labels.correcting import write_corrected_files
from windowner.labels.decisions import read_decisions
from windowner.labels.regions import KINDS
from windowner.labels.review import review
from windowner.labels.review_tasks import entity_text, suspect_record, suspect_tasks
from windowner.labels.suspects import Suspect
from windowner.labels.tasks import TASKS, write_tasks
from windowner.links import refuse_links
from windowner.report.review_page import REVIEW_NAME, write_review_page
from windowner.text.wording import count_of

FORMATS = ("table", "html", *TASKS)
SHOWN = 30
AROUND = 4  # tokens on each side of a region that a table shows


@click.command("review")
@click.argument("config", type=LocalPath(), required=False)
@click.option(
    "--folds",
    type=click.IntRange(min=2, max=100),
    help=f"Parts, each held out once.  [default: as in runs/NAME-cv, else {FOLDS}]",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Folds at a time.  [default: one per processor]")
@click.option("--top", type=click.IntRange(min=1), help=f"Suspects, at most.  [default: {SHOWN} in a table, else all]")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="Only suspects of this kind. The option may be repeated.",
)
@click.option(
    "--to",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    help="table: on the terminal. html: a page on which suspects are accepted or kept. jsonl: one suspect per line. "
    "prodigy, doccano, label-studio: a task for each sentence, with the suggestions as its entities.",
)
@click.option(
    "--out",
    type=LocalPath(),
    help=f"File that is written; with --apply the folder.  [default: stdout; runs/NAME-cv/{REVIEW_NAME} for html; "
    "runs/NAME-corrected with --apply]",
)
@click.option(
    "--apply",
    "decisions",
    type=LocalPath(),
    help="File of decisions that the page has written. Corrected copies of the labelled files are written.",
)
@key_options(FOLD_HELPS)
@set_option
def command(
    config: Path | None,
    folds: int | None,
    jobs: int | None,
    top: int | None,
    kinds: tuple[str, ...],
    form: str,
    out: Path | None,
    decisions: Path | None,
    keys: dict[str, object],
    overrides: tuple[str, ...],
) -> None:
    """List likely label errors in the labelled text of CONFIG, the most suspicious first.

    Train and dev are reviewed. Each sentence is tagged by a tagger that was trained without it, as `windowner cv`
    does; what that command has kept in runs/NAME-cv is used again. A suspect is a place where tagger and label differ.
    Its rank also takes into account how the same words are labelled elsewhere.

    \b
    windowner review configs/wikigold.toml
    windowner review configs/wikigold.toml --to html --top 200
    windowner review configs/wikigold.toml --apply wikigold-decisions.jsonl
    """
    if decisions is not None and form != "table":
        raise click.UsageError(f"--apply writes labelled files, and --to {form} writes suspects; expected one of them")
    if decisions is None and form == "table" and out is not None:
        raise click.UsageError("--out needs --to, the format of the file: a table is printed")
    settings = read_settings(config, keys, overrides)
    if decisions is not None:
        apply(settings, decisions, out or Path("runs") / f"{settings.name}-corrected")
        return
    folder = default_folder(settings)
    folds = folds or kept_folds(folder) or FOLDS
    result = cross_validate(settings, folder, folds=folds, workplace=Workplace(jobs), watcher=TrialProgress())
    found = review(result.out_of_fold(), settings.data.scheme)
    chosen = (suspect for suspect in found if not kinds or suspect.kind in kinds)
    suspects = list(chosen)[: SHOWN if form == "table" and top is None else top]
    if form == "html":
        types = sorted({span.type for each in found for span in (*each.entities, *each.region.suggested)})
        place = out or result.folder / REVIEW_NAME
        if out is None:
            refuse_links(place)
        page = write_review_page(suspects, types, settings.name, place, len(found))
        say(shown_path(page))
    elif form == "table":
        show(suspects, len(found))
    else:
        write(suspects, form, out)


def write(suspects: Sequence[Suspect], form: str, out: Path | None) -> None:
    """Write suspects, or tasks, to a file or to stdout."""
    text = records(suspects) if form == "jsonl" else write_tasks(suspect_tasks(suspects), form)
    write_text(text, out)


def apply(settings: Config, decisions: Path, folder: Path) -> None:
    """Write corrected copies of the labelled files into a folder, and say what changed."""
    for path, changed in write_corrected_files(settings, read_decisions(decisions), folder):
        say(f"{shown_path(path.absolute())}: {count_of(changed, 'sentence')} changed")


def records(suspects: Sequence[Suspect]) -> str:
    """Return suspects as JSON Lines."""
    return msgspec.json.Encoder().encode_lines(map(suspect_record, suspects)).decode()


def show(suspects: Sequence[Suspect], total: int) -> None:
    """Print suspects as a table."""
    heads = ("line", "kind", "labelled", "suggested", "p", "p label", "here", "sugg.", "all", "text")
    table = TextTable(*heads)
    table.columns[0].overflow = "fold"
    for column in table.columns[4:9]:
        column.justify = "right"
    for each in suspects:
        region, elsewhere = each.region, each.elsewhere
        table.add_row(
            f"{shown_path(each.file)}:{each.line}",
            each.kind,
            entity_text(each.tokens, region.gold),
            entity_text(each.tokens, region.suggested),
            f"{each.p_suggested:.2f}",
            f"{each.p_gold:.3f}",
            *(f"{count:,}" for count in (elsewhere.as_gold, elsewhere.as_suggested, elsewhere.total)),
            context(each),
        )
    print_table(table)
    say_lines(
        f"{len(suspects):,} of {count_of(total, 'suspect')}; --to html writes a page to decide on them\n"
        "p: probability of the suggestion, and of the label; then the same words elsewhere: as here, as suggested, all"
    )


def context(suspect: Suspect) -> str:
    """Return the region in brackets, with some tokens around it."""
    tokens, region = list(suspect.tokens), suspect.region
    before, after = tokens[max(0, region.start - AROUND) : region.start], tokens[region.end : region.end + AROUND]
    dots = "... " if region.start > AROUND else "", " ..." if region.end + AROUND < len(tokens) else ""
    return dots[0] + " ".join([*before, f"[{suspect.words}]", *after]) + dots[1]
