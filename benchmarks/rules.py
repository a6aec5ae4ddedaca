"""Rules beside the model, in tokens per CPU second: `make bench-rules`. Prints a Markdown table.

The rules are 50,000 phrases: the entities of the corpora, and capitalised words of the corpora drawn side by side. The
sentences of the corpora are tagged by a tagger that has met no word, and by one that has met them all.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.raw_text import BUNDLED, rate
from docs.pages import ROOT, table
from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.inputs.encoding import encode
from windowner.inputs.forms import Forms
from windowner.runs.training import train
from windowner.tagger.rules.matcher import MatchedForms, Matcher
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Corpus
from windowner.text.token_spans import sentence_spans

TARGET = 300_000


def draw_rules(corpora: Sequence[Corpus], count: int) -> Rules:
    """Return rules of this many phrases."""
    phrases: dict[str, str] = {}
    capitals: list[str] = []
    for corpus in corpora:
        for tokens, spans in zip(corpus.tokens, sentence_spans(corpus.tags), strict=True):
            phrases.update((" ".join(tokens[span.start : span.end]), span.type) for span in spans)
            capitals += [token for token in tokens if token[:1].isupper()]
    types = sorted(set(phrases.values()))
    rng = np.random.default_rng(0)
    while len(phrases) < count:
        words = (capitals[place] for place in rng.integers(len(capitals), size=rng.integers(2, 5)).tolist())
        phrases.setdefault(" ".join(words), types[rng.integers(len(types))])
    listed = list(phrases.items())[:count]
    return Rules.of({"label": label, "pattern": phrase} for phrase, label in listed)


@click.command()
@click.option("--data", multiple=True, type=click.Path(path_type=Path, exists=True), help="A corpus; repeatable.")
@click.option("--phrases", default=50_000, show_default=True, help="Number of rules.")
@click.option("--config", type=click.Path(path_type=Path), default=ROOT / "configs" / "wikigold.toml")
@click.option("--set", "keys", multiple=True, help="Override a key of the config.")
@click.option("--rounds", default=5, show_default=True, help="Measurements; the median is printed.")
def main(data: tuple[Path, ...], phrases: int, config: Path, keys: tuple[str, ...], rounds: int) -> None:
    """Train, measure, and print the table."""
    bundled = [ROOT / "data" / name / f"{part}.conll" for name in BUNDLED for part in ("train", "dev")]
    corpora = [read_corpus(path) for path in data or bundled]
    sentences = [tokens for corpus in corpora for tokens in corpus.tokens]
    rules = draw_rules(corpora, phrases)
    with TemporaryDirectory() as folder:
        model = train(load_config(config, keys), folder).tagger.model
    tokens = sum(map(len, sentences))
    rates: dict[str, list[float]] = {}

    def measure(name: str, work: object) -> None:
        rates.setdefault(name, []).append(rate(tokens, work))  # type: ignore[arg-type]

    with threadpool_limits(1, user_api="blas"):
        matcher = Matcher.of(rules, model.tokenizer)
        for _ in range(rounds):
            forms = Forms(model.encoder)
            text = encode(sentences, forms, model.network.radius)
            matched = MatchedForms(matcher, forms)
            numbers = text.stream[text.centers]
            measure("matches alone, no word met before", lambda: matched.find(numbers, text.offsets))  # noqa: B023
            measure("matches alone, repeated", lambda: matched.find(numbers, text.offsets))  # noqa: B023
            for name, some in (("without rules", Rules.of([])), ("with rules", rules)):
                tagger = Tagger(model, rules=some)
                measure(f"tags {name}, no word met before", lambda: tagger.tag(sentences))  # noqa: B023
                measure(f"tags {name}, repeated", lambda: tagger.tag(sentences))  # noqa: B023
    matches = len(matched.find(numbers, text.offsets).start)
    rows = [[name, f"{median(found):,.0f}", f"{TARGET:,}"] for name, found in rates.items()]
    click.echo(table([f"{tokens:,} tokens, {matches:,} matches", "tokens per CPU second", "target"], rows))


if __name__ == "__main__":
    main()
