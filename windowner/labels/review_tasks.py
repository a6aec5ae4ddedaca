"""Suspects as records and as tasks of annotation tools."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from windowner.files import shown_path
from windowner.labels.suspects import Suspect
from windowner.labels.tasks import Task
from windowner.text.token_spans import TokenSpan


def suspect_record(suspect: Suspect) -> dict[str, Any]:
    """Return a suspect for JSON. With `decision` set to `accept` it is a line that `--apply` takes."""
    region = suspect.region
    return {
        "kind": suspect.kind,
        "file": suspect.file,
        "line": suspect.line,
        "sentence": suspect.number,
        "start": region.start,
        "end": region.end,
        "tokens": list(suspect.tokens),
        "gold": span_records(region.gold),
        "spans": span_records(region.suggested),
        "decision": "keep",
        "score": round(suspect.score, 3),
        "p_gold": round(suspect.p_gold, 4),
        "p_suggested": round(suspect.p_suggested, 4),
        "same_words": suspect.elsewhere._asdict(),
    }


def span_records(spans: Iterable[TokenSpan]) -> list[dict[str, Any]]:
    """Return entities for JSON: tokens `start` to `end` (exclusive), and the label."""
    return [{"start": span.start, "end": span.end, "label": span.type} for span in spans]


def suspect_tasks(suspects: Sequence[Suspect]) -> list[Task]:
    """Return a task for each sentence with suspects: its labels with all suggestions, the most suspicious first."""

    def place(suspect: Suspect) -> tuple[str, int]:
        return suspect.file, suspect.number

    tasks = []
    for _, group in groupby(sorted(suspects, key=place), place):
        found = sorted(group, key=lambda suspect: -suspect.score)
        first = found[0]
        doubted = {span for each in found for span in each.region.gold}
        kept = [span for span in first.entities if span not in doubted]
        spans = sorted([*kept, *(span for each in found for span in each.region.suggested)])
        meta = {
            "file": f"{shown_path(first.file)}:{first.line}",
            "kinds": ", ".join(each.kind for each in found),
            "gold": "; ".join(entity_text(each.tokens, each.region.gold) for each in found),
        }
        tasks.append(Task(first.tokens, spans, first.score, meta))
    return sorted(tasks, key=lambda task: -task.score)


def entity_text(tokens: Sequence[str], spans: Sequence[TokenSpan]) -> str:
    """Return entities as text, such as `PER Angela Merkel`; `no entity` if there is none."""
    return ", ".join(f"{span.type} {' '.join(tokens[span.start : span.end])}".strip() for span in spans) or "no entity"
