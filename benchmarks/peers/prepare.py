"""Writes the files that all peers read: corpora and vectors, the lecture's model in arrays, trained windowner models.

It is a worker of its own, so that the process that starts the others stays small.
"""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

import windowner
from benchmarks.peers.protocol import Handler, Result, Task, read_labelled, serve
from benchmarks.raw_text import read_texts
from windowner.arrays import Array, Ids
from windowner.config.checking import make_config
from windowner.inputs.encoding import EncodedText
from windowner.inputs.tables import Table
from windowner.network.building import build_network
from windowner.network.settings import ModelSettings
from windowner.runs.drawing import hold_out
from windowner.runs.preparation import prepare
from windowner.text.sentence import Corpus
from windowner.text.tag_writing import convert
from windowner.text.tokenizers import find_tokenizer
from windowner.vectors.loading import load_vectors

WORDS_ONLY = {"capitals": 0, "shape": 0, "prefixes": [], "suffixes": []}
LECTURE = ModelSettings(hidden=100, nonlinearity="tanh", loss="word", document="off")  # whatever the defaults are
VECTORS_AT_A_TIME = 10_000
LOST = "\N{REPLACEMENT CHARACTER}"  # for tokens that are empty, which spaCy does not take


def prepare_corpus(task: Task) -> Result:
    """Write train, dev and all text of a corpus as two columns, tags in IOB2; of a single file, a tenth is dev."""
    corpora = [windowner.read_corpus(file) for file in task["files"]]
    if len(corpora) == 1:
        corpora = [*hold_out(corpora[0], seed=0)]
    folder = Path(task["folder"])
    texts = [columns(corpus) for corpus in corpora]
    for name, text in (("train", texts[0]), ("dev", texts[1]), ("all", "".join(texts))):
        (folder / f"{name}.conll").write_text(text, encoding="utf-8")
    return {"tokens": [corpus.token_count for corpus in corpora], "types": corpora[0].entity_types}


def columns(corpus: Corpus) -> str:
    """Return a corpus as text of two columns."""
    sentences = zip(corpus.tokens, convert(corpus.tags, "IOB2"), strict=True)
    blocks = ("".join(f"{token or LOST}\t{tag}\n" for token, tag in zip(*rows, strict=True)) for rows in sentences)
    return "\n".join(blocks) + "\n"


def prepare_lecture(task: Task) -> Result:
    """Write the text and the first weights of the lecture's model: words alone, with a table of all pretrained words.

    If the task names another size than that of the vectors, the table is drawn at random.
    """
    path = str(Path(task["corpus"]) / "train.conll")
    data = {"train": path, "dev": path}
    vectors = {**task["vectors"], "mode": "fine-tuned", "keep": "all"}
    sections = {"data": data, "vectors": vectors, "features": WORDS_ONLY, "model": asdict(LECTURE)}
    prepared = prepare(make_config(sections, "the benchmark"))
    network, text = prepared.members[0], prepared.training.text
    E = network.tables[0].E
    if task["size"] not in (None, E.shape[1]):
        rng = np.random.default_rng(0)
        E = rng.standard_normal((len(E), task["size"]), dtype=np.float32)
        E *= 0.1
        network = build_network(rng, [Table("words", E, len(E))], len(network.b2), LECTURE)
    arrays: dict[str, Array] = {
        "stream": text.stream,
        "centers": text.centers,
        "offsets": text.offsets,
        "tags": encoded_tags(text),
    }
    weights = {"E": E, "W": network.W, "b1": network.b1, "U": network.U, "b2": network.b2}
    for name, array in {**arrays, **weights, "table": prepared.training.F}.items():
        np.save(Path(task["folder"]) / f"{name}.npy", array)
    return {"rows": len(E), "size": E.shape[1], "windows": len(text), "tags": len(network.b2)}


def encoded_tags(text: EncodedText) -> Ids:
    """Return the tags of a training text."""
    if text.tags is None:
        raise ValueError("the text has no tags")
    return text.tags


def prepare_model(task: Task) -> Result:
    """Train windowner's default network, or the lecture's, whose words and weights are written for its PyTorch twin."""
    folder = Path(task["corpus"])
    data = {"train": str(folder / "train.conll"), "dev": str(folder / "dev.conll")}
    vectors = {**task["vectors"], "mode": "fine-tuned"}
    sections = {"data": data, "vectors": vectors}
    if task["words_only"]:
        sections |= {"features": WORDS_ONLY, "model": asdict(LECTURE)}
    config = make_config({**sections, "train": {"epochs": task["epochs"]}}, "the benchmark")
    run = windowner.train(config, task["folder"])
    model = run.tagger.model
    if task["words_only"]:
        export(model, Path(task["folder"]))
    return {"rows": len(model.words.E), "tags": model.tags.names}


def export(model: windowner.Model, folder: Path) -> None:
    """Write a model for peers, which cannot read windowner's file."""
    network, words = model.network, model.words
    (folder / "words.txt").write_text("\n".join(words.values), encoding="utf-8", newline="\n")
    (folder / "tags.txt").write_text("\n".join(model.tags.names), encoding="utf-8")
    b2 = network.b2.copy()
    b2[model.decoder.outside] -= model.threshold  # the twin takes the best tag, and knows no threshold
    weights = {"E": words.E, "W": network.W, "b1": network.b1, "U": network.U, "b2": b2}
    for name, array in weights.items():
        np.save(folder / f"{name}.npy", array)


def repeat_file(task: Task) -> Result:
    """Write a corpus's text as many times as it takes to reach a number of tokens."""
    text = (Path(task["corpus"]) / "all.conll").read_text(encoding="utf-8")
    tokens = sum(1 for line in text.split("\n") if line)
    times = max(1, round(task["tokens"] / tokens))
    Path(task["file"]).write_text(text * times, encoding="utf-8")
    return {"tokens": tokens * times}


def write_json_lines(task: Task) -> Result:
    """Write a corpus's sentences as JSON Lines of tokens, as many times as it takes to reach a number of tokens."""
    sentences, _ = read_labelled(Path(task["corpus"]) / "all.conll")
    tokens = sum(map(len, sentences))
    times = max(1, round(task["tokens"] / tokens))
    lines = (json.dumps({"tokens": sentence}, ensure_ascii=False) + "\n" for sentence in sentences)
    Path(task["file"]).write_text("".join(lines) * times, encoding="utf-8")
    return {"tokens": tokens * times}


def write_raw_text(task: Task) -> Result:
    """Write a corpus's sentences as raw text, one per line; the tokens are counted by the tokenizer of a model."""
    texts = [text for text in read_texts([Path(task["corpus"]) / "all.conll"]) if text.strip()]
    tokenizer = find_tokenizer(windowner.Tagger.load(task["model"]).model.tokenizer)
    tokens = sum(len(sentence) for text in texts for sentence in tokenizer.split(text).sentences)
    times = max(1, round(task["tokens"] / tokens))
    Path(task["file"]).write_text("".join(f"{text}\n" for text in texts) * times, encoding="utf-8")
    return {"tokens": tokens * times}


def write_vectors(task: Task) -> Result:
    """Write all of the word vectors as word2vec text, which is what `spacy init vectors` reads."""
    vectors = load_vectors(task["source"], directory=Path())
    with Path(task["file"]).open("w", encoding="utf-8") as file:
        file.write(f"{len(vectors)} {vectors.vector_size}\n")
        for first in range(0, len(vectors), VECTORS_AT_A_TIME):
            words = vectors.words[first : first + VECTORS_AT_A_TIME]
            rows = vectors.rows(range(first, first + len(words))).tolist()
            file.writelines(
                f"{word} {' '.join(map('{:.6g}'.format, row))}\n" for word, row in zip(words, rows, strict=True)
            )
    return {"words": len(vectors)}


TASKS = {
    "corpus": prepare_corpus,
    "lecture": prepare_lecture,
    "model": prepare_model,
    "repeat": repeat_file,
    "json-lines": write_json_lines,
    "raw-text": write_raw_text,
    "vectors": write_vectors,
}


def set_up(_: Task) -> Handler:
    """Return the function that answers tasks."""

    def answer(task: Task) -> Result:
        Path(task.get("folder", ".")).mkdir(parents=True, exist_ok=True)
        return TASKS[task["do"]](task)

    return answer


if __name__ == "__main__":
    serve(set_up, "windowner", "numpy", "scipy")
