"""CRFsuite with the usual features of a word and its neighbours, trained by its default algorithm."""

from pathlib import Path

import pycrfsuite

from benchmarks.peers.protocol import Handler, Sentences, Task, read_labelled, serve, tagging_handler


def own_features(word: str) -> list[str]:
    """Return a word's features of its own tag."""
    return [
        "bias",
        f"lower={word.lower()}",
        f"suffix3={word[-3:]}",
        f"suffix2={word[-2:]}",
        f"upper={word.isupper()}",
        f"title={word.istitle()}",
        f"digit={word.isdigit()}",
    ]


def neighbour_features(word: str, place: str) -> list[str]:
    """Return a word's features of its neighbour's tag."""
    return [f"{place}:lower={word.lower()}", f"{place}:title={word.istitle()}", f"{place}:upper={word.isupper()}"]


def features(sentence: list[str]) -> list[list[str]]:
    """Return the features of each word. A word's features of its neighbours are made once."""
    before = [["begin"], *(neighbour_features(word, "-1") for word in sentence[:-1])]
    after = [*(neighbour_features(word, "+1") for word in sentence[1:]), ["end"]]
    return [own_features(word) + left + right for word, left, right in zip(sentence, before, after, strict=True)]


def train(corpus: Path, model: Path, iterations: int) -> None:
    """Train on a corpus's train file."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for tokens, tags in zip(*read_labelled(corpus / "train.conll"), strict=True):
        trainer.append(features(tokens), tags)
    trainer.set_params({"c1": 0.1, "c2": 0.1, "max_iterations": iterations})
    trainer.train(str(model))


def set_up(task: Task) -> Handler:
    """Train a model unless there is one, and load it."""
    model = Path(task["folder"]) / "crfsuite.model"
    if not model.exists():
        train(Path(task["folder"]), model, task["iterations"])
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))

    def tag(sentences: Sentences) -> Sentences:
        return [tagger.tag(features(sentence)) for sentence in sentences]

    return tagging_handler(tag)


if __name__ == "__main__":
    serve(set_up, "python-crfsuite")
