"""What the checks of labelled data find when a training starts, in short."""

from collections.abc import Mapping

from windowner.checks.checks import run_checks
from windowner.checks.labelled import WHITE_SPACE, Labelled
from windowner.config.config import Config
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
    path = config.directory / f"{config.name}.toml"
    files = [str(path)] if path.exists() else dict.fromkeys(corpus.path for corpus in corpora.values())
    command = f"windowner check {' '.join(files)}"
    observer.note("\n".join([f"found in the data; `{command}` shows the lines:", *lines]))
