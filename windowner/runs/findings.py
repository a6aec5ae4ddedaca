"""What the checks of labelled data find when a training starts, in short."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from windowner.checks.checks import run_checks
from windowner.checks.labelled import WHITE_SPACE, Labelled
from windowner.config.config import Config
from windowner.config.loading import load_config
from windowner.errors import ConfigError
from windowner.formats.settings import DataSettings
from windowner.text.sentence import Corpus
from windowner.training.observer import SILENT, Observer


def note_findings(corpora: Mapping[str, Corpus], config: Config, tokenizer: str, observer: Observer) -> None:
    """Report how much each check finds. Where nobody listens, nothing is checked.

    Parameters
    ----------
    corpora
        The labelled text by the names of its splits.
    config
        What is trained.
    tokenizer
        Name of the tokenizer that the model keeps for raw text.
    observer
        Hears it.
    """
    if observer is SILENT:
        return
    # Raw text that is split at white space alone agrees with punctuation that is glued to words, which is a defect.
    name = config.data.tokenizer if tokenizer == WHITE_SPACE else tokenizer
    results = run_checks(Labelled.of(corpora, tokenizer_name=name))
    if not results:
        return
    width = max(len(result.check.name) for result in results)
    lines = [f"  {len(result.findings):>6,}  {result.check.name:{width}}  {result.check.seeks}" for result in results]
    observer.note("\n".join([f"found in the data; `{check_command(corpora, config)}` shows the lines:", *lines]))


def check_command(corpora: Mapping[str, Corpus], config: Config) -> str:
    """Return the command that checks the same text: that of the config's file, or of files if it names other ones."""
    path = config.directory / f"{config.name}.toml"
    if path.exists() and _reads_the_same(path, config):
        return shlex.join(["windowner", "check", str(path)])
    data, usual = config.data, DataSettings(train="")
    options = {
        "--token-column": (data.token_column, usual.token_column),
        "--tag-column": (data.tag_column, usual.tag_column),
        "--format": (data.format, usual.format),
        "--encoding": (data.encoding, usual.encoding),
    }
    chosen = [word for name, (its, default) in options.items() if its != default for word in (name, str(its))]
    return shlex.join(["windowner", "check", *dict.fromkeys(corpus.path for corpus in corpora.values()), *chosen])


def _reads_the_same(path: Path, config: Config) -> bool:
    """Return whether a config's file names the text that the config names: `--set` may have changed it."""
    try:
        return load_config(path).data == config.data
    except ConfigError:  # keys that it lacks were set
        return False
