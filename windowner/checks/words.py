"""The check of words against pretrained vectors."""

from collections.abc import Iterator

from windowner.checks.findings import Finding, quote
from windowner.checks.labelled import Labelled
from windowner.vectors.lookup import look_up

MISSING = 0.05
"""Share of tokens without a vector that is suspicious."""

SHOWN = 5  # forms that are named


def missing_vectors(data: Labelled) -> Iterator[Finding]:
    """Find splits in which many tokens have no pretrained vector; the most frequent forms come first."""
    if data.key_to_index is None:
        return
    missing = {form for form in data.forms if look_up(form, data.key_to_index)[0] < 0}
    for split in data.splits:
        forms = [form for form, _ in split.forms.most_common() if form in missing]
        tokens = sum(split.forms[form] for form in forms)
        if tokens > MISSING * split.corpus.token_count:
            share = tokens / split.corpus.token_count
            most = ", ".join(quote([form]) for form in forms[:SHOWN])
            found = f"{share:.1%} of the tokens of {split.name} have no vector; most often {most}"
            rank = {form: place for place, form in enumerate(forms)}
            places = sorted(split.find_forms(rank), key=lambda pair: rank[pair[0]])
            yield Finding(found, [place for _, place in places])
