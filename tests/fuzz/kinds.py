"""The kinds of files that are fuzzed: one list. A further kind is one more line in it.

A kind has valid samples, strategies that damage them, and a reader. Whatever is in the file, the reader returns a right
result, or raises one of the kind's errors. Readers assert what is right of any result.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuzz import readers, samples
from fuzz.mutators import edited_bytes, edited_held_out, edited_json, edited_model, edited_rules, edited_toml
from hypothesis.strategies import SearchStrategy

from windowner.errors import ConfigError, DataError, ModelError, TrainingError, VectorsError


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Parameters
    ----------
    name
        Its name.
    place
        Given an empty folder: fills it with what the reader needs, and returns the path of the file, and its samples.
    read
        Reads the file.
    errors
        What the reader may raise.
    damage
        What makes a strategy of the samples. More than one: all are used.
    """

    name: str
    place: Callable[[Path], tuple[Path, list[Any]]]
    read: Callable[[Path], object]
    errors: tuple[type[Exception], ...]
    damage: Sequence[Callable[[list[Any]], SearchStrategy[bytes]]] = (edited_bytes,)


BYTES_JSON, BYTES_TOML = (edited_bytes, edited_json), (edited_bytes, edited_toml)
RESUMED = (ConfigError, TrainingError)
RUN = (DataError, ConfigError, ModelError)

KINDS = [
    Kind("columns", samples.texts("*.conll", "*.bio"), readers.corpus, (DataError,)),
    Kind("separated", samples.texts("*.csv", "*.tsv"), readers.corpus, (DataError,)),
    Kind("conllu", samples.texts("*.conllu"), readers.corpus, (DataError,)),
    Kind("webanno", samples.webanno, readers.corpus, (DataError,)),
    Kind("brackets", samples.brackets, readers.corpus, (DataError,)),
    Kind("json-lines", samples.texts("*.jsonl"), readers.corpus, (DataError,), BYTES_JSON),
    Kind("compressed", samples.compressed, readers.corpus, (DataError,)),
    Kind("docbin", samples.docbin, readers.corpus, (DataError,)),
    Kind("gazetteer", samples.gazetteer, readers.gazetteer, (DataError,)),
    Kind("vectors-text", samples.vectors_text, readers.vectors, (VectorsError,)),
    Kind("vectors-binary", samples.vectors_binary, readers.vectors, (VectorsError,)),
    Kind("vectors-keyed", samples.vectors_keyed, readers.vectors, (VectorsError,)),
    Kind("vectors-side-file", samples.vectors_side_file, readers.vectors_beside, (VectorsError,)),
    Kind("vectors-json", samples.vectors_json, readers.foreign_file, (VectorsError,), BYTES_JSON),
    Kind("spacy-array", samples.spacy_file("vectors"), readers.foreign_folder, (VectorsError,)),
    Kind("spacy-keys", samples.spacy_file("key2row"), readers.foreign_folder, (VectorsError,)),
    Kind("spacy-strings", samples.spacy_file("strings.json"), readers.foreign_folder, (VectorsError,), BYTES_JSON),
    Kind("model2vec", samples.model2vec_file("model.safetensors"), readers.foreign_folder, (VectorsError,)),
    Kind("tokenizer", samples.model2vec_file("tokenizer.json"), readers.foreign_folder, (VectorsError,), BYTES_JSON),
    Kind("config", samples.config, readers.config, (ConfigError,), BYTES_TOML),
    Kind("experiment", samples.experiment, readers.experiment, (ConfigError,), BYTES_TOML),
    Kind("model-damaged", samples.model_bytes, readers.same_tags, (ModelError,)),
    Kind("model-edited", samples.model_parts, readers.any_model, (ModelError,), (edited_model,)),
    Kind("run-config", samples.run_file("config.toml"), readers.run, RUN, BYTES_TOML),
    Kind("run-metrics", samples.run_file("metrics.json"), readers.run, RUN, BYTES_JSON),
    Kind("run-history", samples.run_file("history.jsonl"), readers.run, RUN, BYTES_JSON),
    Kind("run-dev", samples.run_file("dev.jsonl"), readers.run, RUN, BYTES_JSON),
    Kind("manifest", samples.manifest, readers.manifest, (ConfigError,), BYTES_JSON),
    Kind("held-out", samples.held_out, readers.held_out, (DataError,)),
    Kind("checkpoint", samples.checkpoint, readers.checkpoint, (ConfigError,)),
    Kind("checkpoint-edited", samples.checkpoint_parts, readers.checkpoint, RESUMED, (edited_model,)),
    Kind("held-out-edited", samples.held_out_parts, readers.held_out, (DataError,), (edited_held_out,)),
    Kind("held-out-lines", samples.held_out_lines, readers.held_out_lines, (DataError,), BYTES_JSON),
    Kind("label-studio", samples.label_studio, readers.corpus, (DataError,), BYTES_JSON),
    Kind("doccano", samples.doccano, readers.corpus, (DataError,), BYTES_JSON),
    Kind("prodigy", samples.prodigy, readers.corpus, (DataError,), BYTES_JSON),
    Kind("parquet", samples.parquet, readers.corpus, (DataError,)),
    Kind("brat-text", samples.brat(".txt"), readers.folder_of_texts, (DataError,)),
    Kind("brat-marks", samples.brat(".ann"), readers.folder_of_texts, (DataError,)),
    Kind("text-to-tag", samples.untagged, readers.tagged, (DataError,)),
    Kind("vectors-fasttext", samples.fasttext, readers.composed_vectors, (VectorsError,)),
    Kind("glove-words", samples.glove_file("words.gz"), readers.glove_vectors, (VectorsError,)),
    Kind("glove-array", samples.glove_file("emb.npy"), readers.glove_vectors, (VectorsError,)),
    Kind("shared-words", samples.shared_file("words.json"), readers.shared, (VectorsError,), BYTES_JSON),
    Kind("shared-array", samples.shared_file("array.npy"), readers.shared, (VectorsError,)),
    Kind("tagged-record", samples.tagged_record, readers.tagged_record, (DataError,), BYTES_JSON),
    Kind("rules", samples.rules, readers.rules, (DataError,), (edited_bytes, edited_rules)),
    Kind("model-with-rules", samples.ruled_model_parts, readers.any_model, (ModelError,), (edited_model,)),
    Kind("request", samples.request, readers.request, (), BYTES_JSON),
    Kind("decisions", samples.decisions, readers.decisions, (DataError,), BYTES_JSON),
]
