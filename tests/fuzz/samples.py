"""Valid samples of each kind. A function fills a folder, and returns the path of the file and its samples."""

import gzip
import lzma
import shutil
import tempfile
import zipfile
from bz2 import compress
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np
import pytest
from fuzz.mutators import Parts
from fuzz.small import CHECKPOINT_OF, small_trainer
from gensim.models import KeyedVectors
from safetensors.numpy import save_file
from synthetic import train_tiny, write_tiny

from windowner.config.loading import load_config
from windowner.experiments.folder import EXPERIMENT_NAME
from windowner.experiments.held_out import ARRAYS_NAME, LINES_NAME, digest_of_run, read_held_out, write_held_out
from windowner.experiments.manifest import claim
from windowner.experiments.sharing import share_vectors
from windowner.formats.spacy_written import docbin_bytes
from windowner.runs.checkpoint import Checkpoint
from windowner.runs.file_names import CHECKPOINT_NAME, METRICS_NAME
from windowner.runs.folder import read_run
from windowner.runs.readers import READERS
from windowner.runs.training import train
from windowner.tagger.model_file import read_model_file
from windowner.tagger.parts import write_model
from windowner.tagger.rules.rules import Rules
from windowner.tagging.finding import FileShard
from windowner.tagging.record import RECORD
from windowner.tagging.record import claim as claim_tagged
from windowner.text.document import Document, Span
from windowner.training.snapshot import take_snapshot
from windowner.vectors.loading import Vectors
from windowner.vectors.spacy_folder import hash_of

TEXTS = Path(__file__).parents[1] / "formats" / "cases"
WORDS = ["the", "New York", "Zürich", "Paris"]
ROWS = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)


@cache
def base() -> Path:
    """A folder for what all kinds share, which is trained once."""
    return Path(tempfile.mkdtemp(prefix="windowner-fuzz-"))


def texts(*patterns):
    """Files of labelled text that match a pattern."""

    def place(folder):
        paths = [path for pattern in patterns for path in sorted(TEXTS.glob(pattern))]
        return folder / f"text{patterns[0][1:]}", [path.read_bytes() for path in paths]

    return place


def compressed(folder):
    content = (TEXTS / "plain.conll").read_bytes()
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("plain.conll", content)
    return folder / "text", [gzip.compress(content), compress(content), lzma.compress(content), archive.getvalue()]


WEBANNO = """\
#FORMAT=WebAnno TSV 3.3
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value

#Text=Ana 😀 Li lives
1-1\t0-3\tAna\t_\tPER[1]\t
1-2\t4-6\t😀\t_\tPER[1]\t
1-3\t7-15\tRomeborn\t_\t_\t
1-3.1\t7-11\tRome\t_\tLOC|X\\|Y\t
"""


def webanno(folder):
    return folder / "f.tsv", [WEBANNO.encode()]


def brackets(folder):
    rows = "#begin document (a); part 000\nAna (PER*\nLi *)\nsaw *\nRome (LOC)\n\n#end document\n"
    return folder / "f.conll", [rows.encode(), rows.replace(" ", "\t").encode()]


def docbin(folder):
    spans, offsets = [Span(0, 3, "PER"), Span(13, 17, "LOC")], [(0, 3), (4, 9), (10, 12), (13, 17), (18, 19)]
    document = Document("Ana lives in Rome .", spans, [offsets])
    return folder / "text.spacy", [docbin_bytes([document], "plain")]


def gazetteer(folder):
    content = "New York\tLOC\nParis\tLOC\nMiller & Sons\tORG\nZürich\tLOC\n".encode()
    return folder / "names.txt", [content, gzip.compress(content)]


def vectors_text(folder):
    rows = "".join(f"{word} {' '.join(map(str, row.tolist()))}\n" for word, row in zip(WORDS, ROWS, strict=True))
    contents = [rows.encode(), f"{len(WORDS)} {ROWS.shape[1]}\n{rows}".encode()]
    return folder / "v.vec", [*contents, gzip.compress(contents[0])]


def vectors_binary(folder):
    rows = b"".join(
        word.replace(" ", "_").encode() + b" " + row.tobytes() for word, row in zip(WORDS, ROWS, strict=True)
    )
    content = f"{len(WORDS)} {ROWS.shape[1]}\n".encode() + rows
    return folder / "v.bin", [content, gzip.compress(content)]


def keyed(folder, **how):
    vectors = KeyedVectors(ROWS.shape[1])
    vectors.add_vectors(WORDS, ROWS)
    vectors.save(str(folder / "v.kv"), **how)


def vectors_keyed(folder):
    keyed(folder)
    return folder / "v.kv", [(folder / "v.kv").read_bytes()]


def vectors_side_file(folder):
    keyed(folder, sep_limit=1)
    path = folder / "v.kv.vectors.npy"
    return path, [path.read_bytes()]


def vectors_json(folder):
    return folder / "v.json", [msgspec.json.encode(dict(zip(WORDS, ROWS.tolist(), strict=True)))]


def spacy_file(name):
    """A file of a folder that spaCy wrote."""

    def place(folder):
        with (folder / "vectors").open("wb") as file:
            np.save(file, ROWS)
        rows = {hash_of(word): row for row, word in enumerate(WORDS)}
        (folder / "key2row").write_bytes(msgspec.msgpack.encode(rows))
        (folder / "vectors.cfg").write_bytes(b'{"mode": "default"}')
        (folder / "strings.json").write_bytes(msgspec.json.encode(["other", *WORDS]))
        return folder / name, [(folder / name).read_bytes()]

    return place


def model2vec_file(name):
    """A file of a folder that model2vec wrote."""

    def place(folder):
        save_file({"embeddings": ROWS}, folder / "model.safetensors")
        vocabulary = {"[PAD]": 0, "paris": 1, "##ian": 2, "is": 3}
        added = [{"content": "[PAD]", "special": True}]
        tokenizer = {"added_tokens": added, "model": {"type": "WordPiece", "vocab": vocabulary}}
        (folder / "tokenizer.json").write_bytes(msgspec.json.encode(tokenizer))
        return folder / name, [(folder / name).read_bytes()]

    return place


def config(folder):
    path = write_tiny(folder)
    return path, [path.read_bytes(), train_tiny(base()).run.folder.joinpath("config.toml").read_bytes()]


EXPERIMENT = b"""\
base = "tiny.toml"
seeds = [3, 5]
fractions = [0.2, 1.0]

[grid]
"vectors.mode" = ["frozen", "fine-tuned"]
"vectors.source" = ["vectors.txt"]

[compare]
by = "vectors.mode"
test = true
"""


def experiment(folder):
    write_tiny(folder)
    return folder / "e.toml", [EXPERIMENT]


def model_bytes(folder):
    return folder / "m.safetensors", [train_tiny(base()).model.read_bytes()]


def model_parts(folder):
    return folder / "m.safetensors", [Parts(*read_model_file(train_tiny(base()).model))]


def run_file(name):
    """A file of a run's folder."""

    def place(folder):
        shutil.copytree(train_tiny(base()).run.folder, folder / "run")
        return folder / "run" / name, [(folder / "run" / name).read_bytes()]

    return place


def manifest(folder):
    claim(folder / "e", {"name": "x", "seeds": [1, 2], "base: data.train": "t", "folds": 3})
    path = folder / "e" / EXPERIMENT_NAME
    return path, [path.read_bytes()]


@cache
def trained_fold() -> Path:
    config = load_config(write_tiny(base() / "fold"))
    config = replace(config, data=replace(config.data, fold="1/5", test=""))
    run = train(config, base() / "fold" / "run")
    write_held_out(run, READERS)
    return run.folder


def held_out(folder):
    shutil.copy(trained_fold() / METRICS_NAME, folder)
    return folder / ARRAYS_NAME, [(trained_fold() / ARRAYS_NAME).read_bytes()]


def checkpoint(folder):
    path = folder / CHECKPOINT_NAME
    kept = Checkpoint(path, CHECKPOINT_OF)
    kept._write(take_snapshot(small_trainer()))
    return path, [path.read_bytes()]


def checkpoint_parts(folder):
    path, _ = checkpoint(folder)
    return path, [Parts(*read_model_file(path))]


def decisions(folder):
    line = {"file": "t.conll", "line": 1, "sentence": 1, "start": 0, "end": 1, "tokens": ["Paris"], "gold": []}
    span = {"start": 0, "end": 1, "label": "LOC"}
    return folder / "d.jsonl", [msgspec.json.encode({**line, "decision": "accept", "spans": [span]}) + b"\n"]


ANA = "Ana lives in Rome."
PLACES = [(0, 3, "PER"), (13, 17, "LOC")]
SPANS = [{"start": start, "end": end, "label": label} for start, end, label in PLACES]


def encoded_lines(records) -> bytes:
    return msgspec.json.Encoder().encode_lines(records)


def label_studio(folder):
    marks = [
        {"value": {"start": start, "end": end, "labels": [label]}, "type": "labels"} for start, end, label in PLACES
    ]
    tasks = [{"id": 7, "data": {"text": ANA}, "annotations": [{"result": marks}]}, {"data": {"text": "x"}}]
    return folder / "tasks.json", [msgspec.json.encode(tasks)]


def doccano(folder):
    records = [{"id": 1, "text": ANA, "label": PLACES}, {"text": ANA, "entities": SPANS, "relations": []}]
    return folder / "t.jsonl", [encoded_lines(records)]


def prodigy(folder):
    tokens = [{"text": token, "start": ANA.find(token), "id": i} for i, token in enumerate(["Ana", "lives", "in"])]
    record = {"text": ANA, "tokens": tokens, "spans": SPANS, "answer": "accept", "_input_hash": 5}
    return folder / "t.jsonl", [encoded_lines([record, {**record, "answer": "reject"}])]


def parquet(folder):
    arrow, tables = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    contents = []
    for row in ({"tokens": ["Ana", "is"], "tags": ["B-PER", "O"]}, {"text": ANA, "spans": SPANS}):
        buffer = BytesIO()
        tables.write_table(arrow.Table.from_pylist([row] * 3), buffer)
        contents.append(buffer.getvalue())
    return folder / "t.parquet", contents


def brat(suffix):
    """A file of a folder of brat's."""

    def place(folder):
        marks = [f"T{n}\t{label} {start} {end}\t{ANA[start:end]}\n" for n, (start, end, label) in enumerate(PLACES)]
        (folder / "a.txt").write_text(ANA, encoding="utf-8")
        (folder / "a.ann").write_text("".join(marks) + "T7\tPER 0 3;4 9\tAna\n#1\tNote T1\tx\n", encoding="utf-8")
        path = folder / f"a{suffix}"
        return path, [path.read_bytes()]

    return place


def untagged(folder):
    """Files of all formats, to be tagged."""
    _, contents = texts("*.conll", "*.csv", "*.tsv", "*.jsonl", "*.conllu", "*.txt")(folder)
    more = [doccano, prodigy, label_studio, docbin]
    return folder / "text", contents + [content for place in more for content in place(folder)[1]]


def fasttext(folder):
    models = pytest.importorskip("gensim.models.fasttext")
    text = [["in", "Paris"], ["Zürich"]] * 5
    model = models.FastText(text, vector_size=3, min_count=1, min_n=2, max_n=3, bucket=9, epochs=1, seed=0, workers=1)
    models.save_facebook_model(model, str(folder / "v.bin"))
    return folder / "v.bin", [(folder / "v.bin").read_bytes()]


def glove_file(name):
    """A file of a small package that is made as that of the glove extra is."""

    def place(folder):
        (folder / "words.gz").write_bytes(gzip.compress("".join(f"w{row}\n" for row in range(4)).encode()))
        np.save(folder / "emb.npy", np.asfortranarray(ROWS))
        return folder / name, [(folder / name).read_bytes()]

    return place


def shared_file(name):
    """A file of the vectors that an experiment's workers share."""

    def place(folder):
        source = str(vectors_text(folder)[0])
        share_vectors({source: Vectors(WORDS, ROWS, source)}, folder)
        path = next(folder.rglob(name))
        return path, [path.read_bytes()]

    return place


def tagged_record(folder):
    """The record of a folder of tagged files, with what it records."""
    shard = FileShard(folder / "a.txt", "", folder / "a.txt.conll", "")
    (folder / "a.txt").write_text(ANA, encoding="utf-8")
    claim_tagged(folder, {"model": "x", "scores": False, "min_probability": 0.5, "input": None}, [shard])
    return folder / RECORD, [(folder / RECORD).read_bytes()]


def held_out_lines(folder):
    for name in (ARRAYS_NAME, METRICS_NAME):
        shutil.copy(trained_fold() / name, folder)
    return folder / LINES_NAME, [(trained_fold() / LINES_NAME).read_bytes()]


def held_out_parts(folder):
    shutil.copy(trained_fold() / METRICS_NAME, folder)
    held = read_held_out(trained_fold())
    run = digest_of_run(read_run(trained_fold()).seal)
    arrays = {name: getattr(held, name) for name in ("log_marginals", "offsets", "places")}
    return folder / ARRAYS_NAME, [Parts({"tags": held.tags, "run": run}, arrays)]


RULES = [
    {"label": "ORG", "pattern": "Apple Inc.", "id": "apple"},
    {"pattern": "May", "never": True},
    {"label": "LOC", "regex": "San [A-Z]\\w+"},
    {"label": "PER", "pattern": [{"LOWER": "mr", "OP": "?"}, {"TEXT": {"REGEX": "^J"}}]},
    {"label": "PER", "pattern": [{"LENGTH": {">": 2}, "OP": "{1,3}"}, {"TEXT": "Smith"}]},
    {"label": "LOC", "pattern": [{"SHAPE": "Xxxx", "IS_TITLE": True}, {"ORTH": {"IN": ["in", "on"]}}]},
]


def rules(folder):
    content = encoded_lines(RULES)
    return folder / "rules.jsonl", [content, gzip.compress(content)]


def ruled_model_parts(folder):
    """A model with rules in it."""
    model = replace(train_tiny(base()).run.tagger.model, rules=Rules.of(RULES))
    write_model(model, folder / "m.safetensors")
    return folder / "m.safetensors", [Parts(*read_model_file(folder / "m.safetensors"))]


BODIES = [
    {"text": ANA},
    {"texts": [ANA, "x"], "min_probability": 0.5},
    {"tokens": [["Ana", "is"], ["x"]], "document": True},
    {"text": ANA, "word": 0, "tag": "B-PER", "against": "O"},
    {"text": ANA, "character": 13},
    {"tokens": [["Ana"]], "word": 0},
]


def request(folder):
    return folder / "body", [msgspec.json.encode(body) for body in BODIES]
