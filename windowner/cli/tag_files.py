"""`windowner tag --out`: many files into a folder, side by side."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from tqdm import tqdm

from windowner.cli.log import ERROR, WARNING, is_json, record, tell
from windowner.engines.opening import open_engine
from windowner.engines.tasks import Failure
from windowner.stores.address import AnyPath
from windowner.stores.credentials import without_credentials
from windowner.tagging.finding import FileShard, find_shards
from windowner.tagging.folders import tag_files
from windowner.tagging.record import missing_shards
from windowner.tagging.task import TagTask
from windowner.text.wording import count_of

tqdm.monitor_interval = 0  # a progress bar then starts no thread, and workers can be forked


def run(
    task: TagTask,
    pattern: str | AnyPath,
    out: AnyPath,
    formats: tuple[str | None, str | None],
    engine: tuple[str, int | None, str | None],
) -> None:
    """Tag a folder or a glob of files; exit with status 1 if a shard failed.

    Parameters
    ----------
    task
        Model and options.
    pattern, out
        Folder or glob of the files; folder for the tagged files.
    formats
        Format of the files and of the tagged files; None for what their names say.
    engine
        Name, jobs and address, for `open_engine`.
    """
    shards = find_shards(pattern, out, *formats)
    done = len(shards) - len(missing_shards(out, shards))
    tokens = failed = 0
    tell("shards", f"{count_of(len(shards), 'shard')}, {done} of them tagged already", total=len(shards), done=done)
    seconds = 0.1 if sys.stderr.isatty() else 10  # between two reports of progress
    with (
        _kept_when_interrupted(),
        open_engine(*engine) as workers,
        tqdm(total=len(shards), initial=done, unit=" shards", mininterval=seconds, disable=is_json()) as bar,
    ):
        for shard, result in tag_files(workers, task, shards, out):
            if isinstance(result, Failure):
                failed += 1
                with bar.external_write_mode():
                    error = _describe(shard, result)
                    tell("shard-failed", error, level=ERROR, prefix="error: ", color="red", file=shard.source)
            else:
                tokens += result
                record("shard", file=shard.source, tokens=result)
            bar.set_postfix_str(f"{tokens:,} tokens, {failed} failed", refresh=False)
            bar.update()
    tagged = len(shards) - done - failed
    message = f"{count_of(tagged, 'shard')} tagged, {count_of(tokens, 'token')}; {failed} failed"
    tell("finished", message, tagged=tagged, tokens=tokens, failed=failed)
    if failed:
        raise click.exceptions.Exit(1)


@contextmanager
def _kept_when_interrupted() -> Iterator[None]:
    """Say what is kept if the block is interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        tell("kept", "tagged files are kept; the same command continues with the others", level=WARNING)
        raise


def _describe(shard: FileShard, failure: Failure) -> str:
    """Describe a user's error in one line, and any other with its traceback."""
    if failure.user_error is not None:
        return failure.message
    return without_credentials(f"{shard.source}: {failure.type}: {failure.message}\n{failure.traceback}".rstrip())
