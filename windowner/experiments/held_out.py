"""What the tagger of a fold says of the sentences that it has not seen, as two files of the trial's folder.

The lines are what the tagger gives, with the rules beside its model, as `windowner eval` scores it. The arrays are what
the network alone says. A rule is certain, so each label that contradicts one would be the most likely error.

held-out.jsonl          one sentence per line: file, line, tokens, gold, predicted, spans with their probabilities
held-out.safetensors    log_marginals   (T, K)  logarithm of each tag's probability, float32
                        offsets         (S+1,)  first token of each sentence, and T at the end
                        places          (S,)    place of each sentence among all labelled sentences
                        metadata `windowner`: a `Description` as JSON. One key, because a file has them in any order
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from windowner.arrays import Array, Indices
from windowner.errors import DataError
from windowner.files import written_whole
from windowner.runs.file_names import HELD_OUT_ARRAYS, HELD_OUT_LINES, METRICS_NAME
from windowner.runs.finishing import Run
from windowner.runs.folds import read_fold, read_labelled
from windowner.runs.metrics_file import decode_metrics
from windowner.runs.predictions import TaggedSentence, tag_corpus
from windowner.runs.readers import Readers
from windowner.runs.seal import SEAL, Seal, digest_of_values
from windowner.runs.structs import read_run_file, read_structs, write_structs
from windowner.schemas import DAMAGE, described
from windowner.tagger.model_file import digest_of
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Corpus
from windowner.text.spans import TagTable

LINES_NAME, ARRAYS_NAME = HELD_OUT_LINES, HELD_OUT_ARRAYS
DESCRIPTION = "windowner"
ROUNDING = 1e-3
"""Logarithms of probabilities may be this much above 0, because they are rounded."""


class Description(msgspec.Struct):
    """Names of the K tags, a digest of them and the arrays, a digest of `held-out.jsonl`, and one of the run."""

    tags: list[str]
    digest: str
    lines: str
    run: str = ""


class HeldOutSentence(TaggedSentence, kw_only=True):
    """A sentence that was held out, with the line of its first token in its file."""

    file: str
    line: int


@dataclass(frozen=True)
class HeldOut:
    """The arrays of a fold, as the head of this module lists them, and the names of the tags."""

    log_marginals: Array
    offsets: Indices
    places: Indices
    tags: list[str]


def write_held_out(run: Run, readers: Readers) -> None:
    """Write both files into the folder of a run that held out a fold."""
    config = run.tagger.model.config
    number, count = read_fold(config.data.fold)
    labelled = read_labelled(config, count, readers)
    places = labelled.places(number)
    files = [labelled.files[place] for place in places.tolist()]
    corpus = labelled.fold(number)
    tagger = run.tagger
    write_structs(run.folder / LINES_NAME, _lines(tagger, corpus, files))
    arrays = {
        "log_marginals": log_marginals(Tagger(replace(tagger.model, rules=None)), corpus),
        "offsets": np.cumsum([0, *map(len, corpus.tokens)], dtype=np.int64),
        "places": places.astype(np.int64),
    }
    names = tagger.model.tags.names
    lines = digest_of_lines(read_run_file(run.folder / LINES_NAME))
    described_by = Description(names, digest_of({"tags": names}, arrays), lines, digest_of_run(run.metrics[SEAL]))
    metadata = {DESCRIPTION: msgspec.json.encode(described_by).decode()}
    with written_whole(run.folder / ARRAYS_NAME) as unfinished:
        save_file(arrays, unfinished, metadata)


def read_held_out(folder: Path) -> HeldOut:
    """Read the arrays of a trial's folder.

    Raises
    ------
    DataError
        The file is missing or damaged.
    """
    path = folder / ARRAYS_NAME
    with _opened(folder) as (arrays_of, description):
        arrays = {name: arrays_of(name) for name in ("log_marginals", "offsets", "places")}
    tags = description.tags
    held = HeldOut(**arrays, tags=tags)
    if description.digest != digest_of({"tags": tags}, arrays) or not _fits(held):
        raise DataError(f"{path}: damaged: arrays do not fit together; {_remedy(folder)}")
    return held


def read_held_out_lines(folder: Path) -> list[HeldOutSentence]:
    """Read the sentences of a trial's folder.

    Raises
    ------
    DataError
        A file is missing or damaged.
    """
    path = folder / LINES_NAME
    lines = read_structs(path, HeldOutSentence)
    with _opened(folder) as (_, description):
        if description.lines != digest_of_lines(read_run_file(path)):
            raise DataError(f"{path}: damaged or changed: {ARRAYS_NAME} has another digest; {_remedy(folder)}")
    return lines


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Callable[[str], Array], Description]]:
    """Yield what reads an array of the file by its name, and the description. Damage becomes a `DataError`."""
    path = folder / ARRAYS_NAME
    try:
        with safe_open(path, framework="numpy") as file:
            described_by = (file.metadata() or {}).get(DESCRIPTION, "")
            description = msgspec.json.decode(described_by, type=Description)
            _check_run(folder, description)
            yield file.get_tensor, description
    except (OSError, SafetensorError, *DAMAGE) as error:
        raise DataError(f"{path}: damaged or missing ({described(error)}); {_remedy(folder)}") from None


def _check_run(folder: Path, description: Description) -> None:
    """Refuse what the tagger of another run says. A run without digests is not looked at."""
    seal = decode_metrics(read_run_file(folder / METRICS_NAME), folder / METRICS_NAME).get(SEAL)
    if seal is not None and description.run != digest_of_run(seal):
        raise DataError(
            f"{folder / ARRAYS_NAME}: of another run: it does not agree with {METRICS_NAME}; {_remedy(folder)}"
        )


def digest_of_run(seal: Seal) -> str:
    """Return the digest of the files of a run, given theirs. It leaves out `metrics.json`."""
    return digest_of_values({name: digest for name, digest in seal.items() if name != METRICS_NAME})


def digest_of_lines(content: bytes) -> str:
    """Return the digest of the content of `held-out.jsonl`, all of whose lines are JSON objects.

    It leaves out the names of files, which may be moved.
    """
    return digest_of_values([{**each, "file": ""} for each in msgspec.json.Decoder().decode_lines(content)])


def _remedy(folder: Path) -> str:
    return f"remove {folder} and start the command again"


def _fits(held: HeldOut) -> bool:
    """Return whether types and shapes are those that the head of this module lists, and tags are tags."""
    log_marginals, offsets, places = held.log_marginals, held.offsets, held.places
    try:
        TagTable.of(held.tags)
    except ValueError:
        return False
    return (
        [array.dtype.name for array in (log_marginals, offsets, places)] == ["float32", "int64", "int64"]
        and (offsets.ndim, places.ndim) == (1, 1)
        and len(offsets) == len(places) + 1
        and offsets[0] == 0
        and bool((np.diff(offsets) >= 0).all())
        and log_marginals.shape == (offsets[-1], len(held.tags))
        and not np.isnan(log_marginals).any()
        and bool((log_marginals <= ROUNDING).all())
    )


def log_marginals(tagger: Tagger, corpus: Corpus) -> Array:
    """Return the logarithm of each tag's probability for each token of a corpus, (T, K), in float32."""
    predictions = tagger.predictions(corpus.tokens, corpus.document_starts)
    return np.concatenate([prediction.log_marginals.astype(np.float32) for _, prediction in predictions])


def _lines(tagger: Tagger, corpus: Corpus, files: list[str]) -> Iterator[HeldOutSentence]:
    for tagged, sentence, file in zip(tag_corpus(tagger, corpus), corpus.sentences, files, strict=True):
        values = {name: getattr(tagged, name) for name in TaggedSentence.__struct_fields__}
        yield HeldOutSentence(**values, file=file, line=sentence.line)
