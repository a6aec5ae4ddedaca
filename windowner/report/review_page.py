"""The page on which suspects are reviewed: it shows one after the other, and writes the decisions as JSON Lines."""

from collections.abc import Sequence
from pathlib import Path

from windowner.files import shown_path
from windowner.labels.review_tasks import span_records, suspect_record
from windowner.labels.suspects import Suspect
from windowner.report.page import write_page

REVIEW_NAME = "review.html"


def write_review_page(suspects: Sequence[Suspect], types: Sequence[str], name: str, path: Path, total: int) -> Path:
    """Write the page, and return its path.

    Parameters
    ----------
    suspects
        What it shows, in order.
    types
        All entity types.
    name
        Name of the config.
    path
        The page.
    total
        Number of all suspects, of which these are the first ones.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError
        The page cannot be written.
    """
    records = [
        {
            **suspect_record(each),
            "shown": f"{shown_path(each.file)}:{each.line}",
            "others": span_records(span for span in each.entities if span not in each.region.gold),
        }
        for each in suspects
    ]
    values = {"name": name, "total": total, "data": {"suspects": records, "types": list(types), "name": name}}
    return write_page("review.html", values, path)
