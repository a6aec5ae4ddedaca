"""The labelled text that a config names: read, held out, drawn, described.

train   what is trained on
dev     chooses the epoch and the threshold; without a dev file, a tenth of the training sentences
test    scored once
fold    with `data.fold`, in place of test: a part of train and dev together. Dev is then a tenth of the rest, so
        the fold chooses nothing.
"""

from collections.abc import Collection, Iterator, Mapping

from windowner.config.config import Config
from windowner.errors import DataError
from windowner.links import resolved
from windowner.runs.annotation import annotated_as
from windowner.runs.drawing import draw_fraction, draws_documents, hold_out
from windowner.runs.folds import FOLD, leave_out
from windowner.runs.readers import READERS, Readers
from windowner.scoring.outside import check_outside
from windowner.stores.paths import exists
from windowner.text.sentence import Corpus
from windowner.text.wording import count_of
from windowner.training.observer import Observer


def read_corpora(
    config: Config, observer: Observer, readers: Readers = READERS, known: Collection[str] = ()
) -> dict[str, Corpus]:
    """Read train, dev and test; without a dev file, hold out a tenth of the training sentences.

    With `data.fold`, a fold of train and dev together is held out in place of test. Of the training sentences only
    `data.fraction` are kept. `known` are the types of a trained model that the training starts from.
    """
    return part_corpora(config, _read_files(config, observer, readers), observer, known)


def part_corpora(
    config: Config, read: Mapping[str, Corpus], observer: Observer, known: Collection[str] = ()
) -> dict[str, Corpus]:
    """Do the same for train, dev and test that are already read."""
    data, corpora = config.data, dict(read)
    if data.fold:
        parts = [corpora.pop(name) for name in ("train", "dev") if name in corpora]
        corpora["train"], corpora[FOLD] = leave_out(parts, data.fold, config.train.seed)
        held = count_of(len(corpora[FOLD].sentences), "sentence")
        observer.note(f"data.fold = {data.fold}: {held} held out to be scored")
    check_learnable(corpora["train"])
    if "dev" not in corpora:
        whole = " in whole documents" if draws_documents(corpora["train"]) else ""
        corpora["train"], corpora["dev"] = hold_out(corpora["train"], config.train.seed)
        held = count_of(len(corpora["dev"].sentences), "training sentence")
        why = "of the rest," if data.fold else "data.dev is empty:"
        observer.note(f"{why} {held} held out{whole} to choose the best epoch")
    if data.fraction < 1:
        corpora["train"] = draw_fraction(corpora["train"], data.fraction, config.train.seed)
        kept = count_of(len(corpora["train"].sentences), "training sentence")
        tokens = count_of(corpora["train"].token_count, "token")
        observer.note(f"data.fraction = {data.fraction:g}: {kept}, {tokens}")
    for name, corpus in corpora.items():
        if name != "train":
            check_outside(corpus.path, corpus.tags, name)
    for gap in (*find_seen(config), *find_gaps(corpora, known)):
        observer.note(gap)
    return corpora


def find_seen(config: Config) -> Iterator[str]:
    """Yield which files are scored though they are trained on, as text."""
    data = config.data
    train = resolved(config.path(data.train))
    for name, value in (("dev", data.dev), ("test", data.test)):
        if value and not data.fold and resolved(config.path(value)) == train:
            yield (
                f"data.{name} is the training file, so its scores are those of sentences that training has seen "
                f"({config.path(value)}); name another file"
                + (", or none: a tenth of the training sentences is then held out" if name == "dev" else "")
            )


def _read_files(config: Config, observer: Observer, readers: Readers) -> dict[str, Corpus]:
    """Read the files of train, dev and test that the config names; with `data.fold`, test is not read."""
    data = config.data
    corpora: dict[str, Corpus] = {}
    for name, value in (("train", data.train), ("dev", data.dev), ("test", "" if data.fold else data.test)):
        if value:
            path = config.path(value)
            if data.obtain and not exists(path):
                raise DataError(f"{path}: no such file. {data.obtain}")
            reading = data.reading()
            if name != "train" and corpora["train"].tokenizer:  # all parts are tokenized alike
                reading["tokenizer"] = corpora["train"].tokenizer
            corpora[name] = annotated_as(name, readers.corpus(path, **reading), data.unlabelled_as)
            observer.note(describe_corpus(name, corpora[name]))
    return corpora


def check_learnable(train: Corpus) -> None:
    """Refuse a training text without entities."""
    if not train.entity_types:
        found = "every tag is O"
        if train.not_annotated_count:
            found = f"no entity, and {count_of(train.not_annotated_count, 'token')} not annotated"
        raise DataError(f"{train.path}: {found}, expected at least one entity to learn from")


def find_gaps(corpora: Mapping[str, Corpus], known: Collection[str] = ()) -> Iterator[str]:
    """Yield what keeps dev and test from measuring what training learns, as text.

    Dev or test may hold no entity, or entities of types that training lacks.
    """
    learnt = {*corpora["train"].entity_types, *known}
    for name, corpus in corpora.items():
        if not corpus.entity_types:  # never train
            yield f"{name} holds no entity, so its F1 is 0 whatever is learnt ({corpus.path})" + (
                "; the epoch with the lowest loss on dev is kept" if name == "dev" else ""
            )
        unknown = [kind for kind in corpus.entity_types if kind not in learnt]
        if unknown:
            yield (
                f"{name} holds entities of types that train lacks: {', '.join(unknown)}. They cannot be found, and "
                f"count as missed ({corpus.path})"
            )


def describe_corpus(name: str, corpus: Corpus) -> str:
    """Return what was read, and where tags were not well-formed, as text."""
    line = (
        f"{name}: {count_of(len(corpus.sentences), 'sentence')}, {count_of(corpus.token_count, 'token')}, "
        f"{corpus.scheme.name} tags of {', '.join(corpus.entity_types) or 'no type'} ({corpus.path})"
    )
    line += "".join(f"\n  {note}" for note in corpus.notes)
    if corpus.not_annotated_count:
        line += f"\n  {count_of(corpus.not_annotated_count, 'token')} not annotated"
    if not corpus.ill_formed:
        return line
    examples = "".join(f"\n  {example}" for example in corpus.ill_formed_examples)
    ill_formed = count_of(corpus.ill_formed, f"ill-formed {corpus.scheme.name} tag")
    return f"{line}\n  {ill_formed}, read as conlleval does:{examples}"
