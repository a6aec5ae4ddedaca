"""The part of a model card about limits, in sentences that follow from config and scores."""

from collections.abc import Iterator, Mapping
from typing import Any

from windowner.markup.markdown import code, escape
from windowner.runs.folder import RunFolder
from windowner.tagger.model import Model
from windowner.text.wording import UNTYPED, count_of

FEW = 50
"""A score that rests on fewer gold entities is named."""


def limits(run: RunFolder) -> str:
    """Return the limits as a list."""
    return "\n".join(f"- {limit}" for limit in [*_of_network(run.tagger.model), *_of_scores(run)])


def _of_network(model: Model) -> Iterator[str]:
    types = ", ".join(escape(name) or UNTYPED for name in model.tags.types)
    radius = model.config.model.radius
    yield f"It finds entities of these types and no other: {types}."
    yield "Its entities do not overlap. Of two entities, one of which holds the other, it finds one at most."
    around = f"It reads {count_of(radius, 'word')} before a word and {count_of(radius, 'word')} after it"
    more = ", and the other mentions of the word in its document" if model.reads_documents else ""
    yield f"{around}{more}. What stands elsewhere does not count, except through the tags of neighbouring words."
    yield (
        f"Its tokenizer is {code(model.tokenizer)}. Text that is cut into other tokens than the training text may be "
        "tagged less well."
    )
    if model.cutoffs:
        cutoffs = ", ".join(f"{escape(name) or UNTYPED} {value:.3f}" for name, value in model.cutoffs.items())
        yield f"It leaves out entities below these probabilities: {cutoffs}. The scores above are without them."


def _of_scores(run: RunFolder) -> Iterator[str]:
    split = "test" if "test" in run.metrics else "fold" if "fold" in run.metrics else "dev"
    scores = run.metrics[split]
    judged = {name: counts for name, counts in scores["types"].items() if counts["support"]}
    if judged:
        name = min(judged, key=lambda name: judged[name]["f1"])
        yield f"Its lowest F1 of a type on {split} is {100 * judged[name]['f1']:.1f} %, for {escape(name) or UNTYPED}."
    few = [
        f"{escape(name) or UNTYPED} ({counts['support']})" for name, counts in judged.items() if counts["support"] < FEW
    ]
    if few:
        yield f"Few entities of {split} stand behind the scores of {', '.join(few)}."
    unknown = sorted(set(scores["types"]) - set(run.tagger.model.tags.types))
    if unknown:
        names = ", ".join(escape(name) or UNTYPED for name in unknown)
        yield f"{split.capitalize()} also holds the types {names}, which it cannot find."
    yield from _of_words(run.metrics["familiarity"], "fold" if "fold" in run.metrics else "dev")
    yield "How it does on text of another kind, time or language was not measured."


def _of_words(groups: Mapping[str, Mapping[str, Any]], split: str) -> Iterator[str]:
    """Yield what unknown words cost, where entities of both sorts were counted."""
    seen, unseen = groups["seen"], groups["unseen"]
    if seen["support"] and unseen["support"]:
        yield (
            f"Its F1 on {split} is {100 * seen['f1']:.1f} % for entities whose words are all in the training text. It "
            f"is {100 * unseen['f1']:.1f} % for entities with a word that is not there and has no vector "
            f"({unseen['support']:,} entities)."
        )
