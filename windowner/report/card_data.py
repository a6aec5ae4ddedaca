"""The parts of a model card about texts and vectors: what was read, licences, how to cite."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from windowner.markup.markdown import code, escape, table
from windowner.runs.folder import RunFolder
from windowner.runs.provenance import digest_of_files
from windowner.runs.stated import NOTHING, Stated, stated_of
from windowner.tagger.facts import ModelFacts, described_sources

NOT_STATED = "not stated"

LICENSED = ("train", "dev", "test", "data", "vectors", "model")
"""What a licence can be given for. `data` is all texts."""


def data_section(run: RunFolder, facts: ModelFacts, licences: Mapping[str, str]) -> Iterator[str]:
    """Yield the paragraphs about texts and vectors.

    Parameters
    ----------
    run, facts
        The run, and its model file.
    licences
        Licences that the user states, by the names of `LICENSED`.
    """
    stated = {name: _stated(run, name, source) for name, source in described_sources(facts.model.provenance)}
    rows = [
        [
            escape(name),
            code(_short(str(source.get("file") or source.get("source") or NOT_STATED))),
            _size(source),
            _licence(name, stated[name], licences),
            code(source["blake2b"]) if source.get("blake2b") else NOT_STATED,
        ]
        for name, source in described_sources(facts.model.provenance)
    ]
    if rows:
        yield table(["what", "file", "size", "licence", "BLAKE2b"], rows, text_columns=5)
    else:
        yield f"Texts and vectors: {NOT_STATED}. The model file does not say what it was trained on."
    yield f"Licence of the model: {escape(licences.get('model', NOT_STATED))}."
    if not run.config.data.dev and not run.config.data.fold:
        yield "The config names no dev text. Dev is about a tenth of the training text, which was held out."
    if run.config.data.fold:
        yield f"Fold {run.config.data.fold} of the labelled text was held out. Dev is a part of the rest."
    if "init" in stated:
        yield "The training started from another model, `init`. What that one was trained on stands in its own card."


def citation_section(run: RunFolder, facts: ModelFacts) -> Iterator[str]:
    """Yield the paragraphs about citing the model and its texts."""
    digest = facts.digest or NOT_STATED
    name = run.config.name
    yield (
        f"Name the model by its digest: {escape(name)}, a named-entity tagger that was trained with windowner, "
        f"BLAKE2b {code(digest)}. Author and year: {NOT_STATED}."
    )
    key = "".join(char for char in name if char.isascii() and char.isalnum()) or "tagger"
    title = re.sub(r"([_%&#$])", r"\\\1", " ".join(re.sub(r"[{}\\~^]", " ", name).split()))
    yield (
        f"```bibtex\n@misc{{{key},\n  title = {{{title}: a named-entity tagger, trained with windowner}},\n"
        f"  note = {{BLAKE2b {digest}}},\n}}\n```"
    )
    stated = [_stated(run, name, source) for name, source in described_sources(facts.model.provenance)]
    sources = list(dict.fromkeys(each.source for each in stated if each.source))
    if sources:
        yield "The texts, as the README beside them states it:"
        yield "\n".join(f"- {source}" for source in sources)
    else:
        yield f"Where the texts come from: {NOT_STATED}."


def _stated(run: RunFolder, name: str, source: Mapping[str, Any]) -> Stated:
    """Return what is stated beside a text, if the text is there as it was."""
    values = {"train": run.config.data.train, "dev": run.config.data.dev, "test": run.config.data.test}
    value = values.get(name) or (run.config.data.train if name in values else "")
    if not value or run.config.data.fold:
        return NOTHING
    try:
        same = digest_of_files([run.config.path(value)]) == source.get("blake2b")
    except OSError:  # it is no longer there
        return NOTHING
    return stated_of(run.config.path(value)) if same else NOTHING


def _licence(name: str, stated: Stated, licences: Mapping[str, str]) -> str:
    given = licences.get(name) or (licences.get("data") if name != "vectors" else None)
    if given:
        return escape(given)
    return f"{escape(stated.licence)} ({code(stated.where)})" if stated.licence else NOT_STATED


def _size(source: Mapping[str, Any]) -> str:
    units = (("sentences", "sentences"), ("tokens", "tokens"), ("words", "words"), ("size", "dimensions"))
    return ", ".join(f"{source[key]:,} {unit}" for key, unit in units if isinstance(source.get(key), int)) or NOT_STATED


def _short(path: str) -> str:
    """Return the last two parts of a path: a card is no place for the folders of whoever trained."""
    return " + ".join(
        "/".join(part for part in PurePath(each).parts[-2:] if part != "..") for each in path.split(" + ")
    )
