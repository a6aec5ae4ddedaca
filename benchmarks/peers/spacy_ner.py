"""spaCy's efficiency pipeline of `init config`: a blank English one with tok2vec and the named-entity recognizer.

The one change to that config is `include_static_vectors`, with the vectors that windowner reads. `spacy init vectors`
writes them, by lower-cased word (`--attr LOWER`), because GloVe's words are lower-cased.

evaluation   trains by spaCy's own loop up to its next evaluation of dev, until its own stopping rule ends the loop;
             the time of scoring is not counted, the time of loading the vectors and the corpus is
"""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import spacy
from spacy.cli.init_config import init_config
from spacy.cli.init_pipeline import init_vectors_cli
from spacy.language import Language
from spacy.schemas import ConfigSchemaTraining
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, DocBin
from spacy.training import Example, iob_to_biluo
from spacy.training.initialize import init_nlp
from spacy.training.iob_utils import biluo_tags_to_spans
from spacy.training.loop import create_train_batches, train_while_improving
from spacy.util import registry, resolve_dot_names
from thinc.api import fix_random_seed, require_cpu

from benchmarks.peers.protocol import Handler, Result, Sentences, Task, read_labelled, serve, tagging_handler


def write_docs(source: Path, target: Path) -> None:
    """Write a labelled file as spaCy's own."""
    vocab = spacy.blank("en").vocab
    docs = DocBin()
    for tokens, tags in zip(*read_labelled(source), strict=True):
        doc = Doc(vocab, words=tokens)
        doc.ents = tuple(biluo_tags_to_spans(doc, iob_to_biluo(tags)))
        docs.add(doc)
    docs.to_disk(target)


def prepare(corpus: Path, vectors: Path) -> None:
    """Write what `spacy train` reads: vectors and labelled text."""
    if not (vectors / "vocab").exists():
        init_vectors_cli("en", vectors / "vectors.txt", vectors, -1, 0, "default", None, False, None, "LOWER")
    for name in ("train", "dev"):
        if not (corpus / f"{name}.spacy").exists():
            write_docs(corpus / f"{name}.conll", corpus / f"{name}.spacy")


def new_config(corpus: Path, vectors: Path, limits: dict[str, int]) -> Any:
    """Return the config: that of the quickstart, with vectors."""
    config = init_config(lang="en", pipeline=["ner"], optimize="efficiency")
    config["paths"].update(train=str(corpus / "train.spacy"), dev=str(corpus / "dev.spacy"), vectors=str(vectors))
    config["components"]["tok2vec"]["model"]["embed"]["include_static_vectors"] = True
    config["training"].update(limits)
    return config


def tag(nlp: Language, sentences: Sentences) -> Sentences:
    """Return IOB2 tags of sentences."""
    docs = nlp.pipe((Doc(nlp.vocab, words=tokens) for tokens in sentences), batch_size=256)
    return [written_tags(doc) for doc in docs]


def written_tags(doc: Doc) -> list[str]:
    """Return the IOB2 tags of a document's entities."""
    return [f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O" for token in doc]


class Training:
    """Trains a pipeline, from evaluation to evaluation.

    Parameters
    ----------
    corpus, vectors
        Folders that `prepare` has filled.
    limits
        Keys of `[training]` that differ from the quickstart's.
    """

    def __init__(self, corpus: Path, vectors: Path, limits: dict[str, int]):
        self.uncounted = [0.0, 0.0]
        self.began = process_time(), perf_counter()
        self.nlp = init_nlp(new_config(corpus, vectors, limits))
        self.stopping: dict[str, int] = {}

    def evaluations(self) -> Iterator[Result]:
        """Train until spaCy's rule says stop; yield the times so far and the tags of dev at each evaluation."""
        config = self.nlp.config.interpolate()
        settings = registry.resolve(config["training"], schema=ConfigSchemaTraining)
        names = ("patience", "max_steps", "eval_frequency", "max_epochs")
        self.stopping = {name: settings[name] for name in names}
        fix_random_seed(settings["seed"])
        train, dev = resolve_dot_names(config, [settings["train_corpus"], settings["dev_corpus"]])
        batches = create_train_batches(self.nlp, train, settings["batcher"], settings["max_epochs"])

        def evaluate() -> tuple[float, Any]:
            begun = process_time(), perf_counter()
            unlabelled, gold = zip(*((example.predicted, example.reference) for example in dev(self.nlp)), strict=True)
            docs = list(self.nlp.pipe(unlabelled, batch_size=256))
            tags = [written_tags(doc) for doc in docs]
            score = float(get_ner_prf(map(Example, docs, gold))["ents_f"] or 0.0)  # what the pipeline's scorer counts
            self.uncounted[0] += process_time() - begun[0]
            self.uncounted[1] += perf_counter() - begun[1]
            return score, tags

        steps = train_while_improving(
            self.nlp,
            settings["optimizer"],
            batches,
            evaluate,
            dropout=settings["dropout"],
            eval_frequency=settings["eval_frequency"],
            accumulate_gradient=settings["accumulate_gradient"],
            patience=settings["patience"],
            max_steps=settings["max_steps"],
            exclude=settings["frozen_components"],
            annotating_components=settings["annotating_components"],
            before_update=None,
        )
        for _, info, best in steps:
            if best is not None:
                cpu, wall = (now - then for now, then in zip((process_time(), perf_counter()), self.began, strict=True))
                times = {"cpu_seconds": cpu - self.uncounted[0], "wall_seconds": wall - self.uncounted[1]}
                yield {**times, "step": info["step"], "epoch": info["epoch"], "tags": info["other_scores"]}


def set_up(task: Task) -> Handler:
    """Begin a training, or load the pipeline that tags, which is trained first for some steps if there is none."""
    require_cpu()
    corpus, vectors = Path(task["folder"]), Path(task["vectors"])
    pipeline = corpus / "spacy"
    if "steps" in task and pipeline.exists():
        return tagging_handler_of(pipeline)
    prepare(corpus, vectors)
    training = Training(corpus, vectors, {"max_steps": task["steps"]} if "steps" in task else task["limits"])
    evaluations = training.evaluations()
    if "steps" in task:
        list(evaluations)
        training.nlp.to_disk(pipeline)
        return tagging_handler_of(pipeline)

    def answer(_: Task) -> Result:
        result = next(evaluations, None)
        return {"ended": True, "stopping": training.stopping} if result is None else result

    return answer


def tagging_handler_of(pipeline: Path) -> Handler:
    """Return the function that answers the tasks of the tagging workload with a trained pipeline."""
    nlp: Any = spacy.load(pipeline)
    return tagging_handler(lambda sentences: tag(nlp, sentences))


if __name__ == "__main__":
    serve(set_up, "spacy")
