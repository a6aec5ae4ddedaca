"""From a config to a run: prepare, train, choose threshold and temperature, score, keep.

A run may be trained again into the same folder: the new one takes its place when it is finished.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from windowner.config.config import Config
from windowner.errors import ConfigError
from windowner.runs.checkpoint import Checkpoint
from windowner.runs.file_names import CONFIG_NAME, HISTORY_NAME, TEXT_NAMES
from windowner.runs.findings import note_findings
from windowner.runs.finishing import Run, finish, finished_run
from windowner.runs.fitting import train_members
from windowner.runs.history import HistoryKeeper
from windowner.runs.identity import identity
from windowner.runs.memory import LabelledText, as_config, copy_kept_texts, keep_texts, named_after
from windowner.runs.preparation import prepare
from windowner.runs.readers import READERS, Readers
from windowner.runs.refitting import refit
from windowner.runs.work import Work, work_on
from windowner.stores.address import AnyPath
from windowner.training.observer import SILENT, Observer


def train(
    config: Config | str | Path | Mapping[str, Any],
    out: str | Path | None = None,
    observer: Observer = SILENT,
    threads: int = 1,
    readers: Readers = READERS,
    *,
    resume: bool = False,
    init: str | AnyPath | None = None,
    train: LabelledText | None = None,
    dev: LabelledText | None = None,
) -> Run:
    """Train a tagger, keep its best epoch on dev, and score it on dev and, once, on test.

    With `train.refit`, the kept tagger is trained once more, on train and dev together, and the scores on dev are those
    of the first one. With `data.fold`, a fold of train and dev is scored in place of test.

    Parameters
    ----------
    config
        A config, the path of one, or its sections as a dictionary, which may be empty.
    out
        The run's folder; `runs/` and the config's name by default.
    observer
        Hears how training goes on.
    threads
        Threads of the matrix products; more than one seldom pays, because the products are small.
    readers
        What reads text and vectors.
    resume
        Go on with an interrupted training of the same config and data, which gives the bytes of an uninterrupted one.
        What is finished stays as it is. Without a checkpoint the training begins.
    init
        A run's folder or a model file, or the address of one. Training starts from its network, with rows for new
        words and new types. Keys that a config leaves out then have values that suit such a training. A `Config` has
        all keys: `load_config(path, going_on=True)` makes one with these values.
    train, dev
        Labelled text from memory, in place of the files that the config names: `Document`s with spans, or pairs of
        tokens and tags. It is kept in the run's folder.

    Raises
    ------
    ConfigError, DataError, VectorsError
        Something that the config says or names cannot be used, the folder holds something else than a run, or the
        checkpoint belongs to another training.
    TrainingError
        The loss is no longer a finite number. An earlier run in the folder stays.
    """
    config = as_config(config, TEXT_NAMES["train"] if train is not None else "", going_on=init is not None)
    folder = run_folder(config, out)
    with work_on(folder, observer, resume=resume) as work, threadpool_limits(limits=threads, user_api="blas"):
        if train is not None or dev is not None:
            config = keep_texts(config, work.path, {"train": train, "dev": dev}, observer)
        copy_kept_texts(config, work)
        run = train_in(work, config, observer, readers, resume=resume, init=init)
        if run.folder == work.path:
            work.finish()
    return replace(run, folder=folder)


def run_folder(config: Config, out: str | Path | None) -> Path:
    """Return the folder of a run: `runs/` and the config's name by default."""
    return Path("runs") / config.name if out is None else Path(out)


def train_in(
    work: Work,
    config: Config,
    observer: Observer,
    readers: Readers,
    *,
    resume: bool = False,
    or_anew: bool = False,
    init: str | AnyPath | None = None,
) -> Run:
    """Train in a work folder, and return the run there.

    With `resume`, the run of the folder itself is returned if it is finished and of the same training.

    Parameters
    ----------
    work
        The work folder.
    config, observer, readers, resume, init
        See `train`.
    or_anew
        Whether the training begins where it cannot go on from the checkpoint, which is then removed.
    """
    prepared = prepare(config, observer, readers, init)
    belongs_to = identity(named_after(prepared.model, work))
    checkpoint = Checkpoint(work.checkpoint, belongs_to)
    keeper = HistoryKeeper(observer, work.path / HISTORY_NAME)
    if resume:
        finished = None if work.checkpoint.exists() else finished_run(work.folder, belongs_to, prepared.corpora)
        if finished is not None:
            observer.note(f"{work.folder}: this training is finished already")
            return finished
        _go_on(checkpoint, keeper, or_anew=or_anew)
    note_findings(prepared.corpora, config, prepared.model.tokenizer, observer)
    named_after(prepared.model, work).config.write(work.path / CONFIG_NAME)
    trained = train_members(prepared, keeper, checkpoint)
    again = refit(trained, prepared, observer, readers, checkpoint) if config.train.refit else None
    trained = replace(trained, model=named_after(trained.model, work))
    if again is not None:
        again = replace(again, model=named_after(again.model, work))
    return finish(trained, again, prepared, work.path)


def _go_on(checkpoint: Checkpoint, keeper: HistoryKeeper, *, or_anew: bool) -> None:
    """Take over what an interrupted training left."""
    if not checkpoint.path.exists():
        keeper.take_over(())
        keeper.note("no checkpoint: the training begins")
        return
    try:
        checkpoint.read()
    except ConfigError:
        if not or_anew:
            raise
        checkpoint.path.unlink()
        keeper.take_over(())
        return
    keeper.take_over(record for records in checkpoint.records for record in records)
    keeper.note(f"the training goes on after epoch {len(keeper.records)}")
