"""Skip-gram vectors of a corpus's own training text, without its labels."""

from collections.abc import Iterable
from pathlib import Path

from docs.pages import ROOT
from studies.trainings import Training
from windowner.formats.token_files import TokenizedFiles
from windowner.vectors.exchange import write_vectors
from windowner.vectors.skip_gram import SkipGram, train_skip_gram


def own_vectors(suffix: str = "") -> str:
    """Return the path of these vectors, with `{corpus}` for the name of the corpus."""
    return str(ROOT / "runs" / "skip-gram" / f"{{corpus}}{suffix}.vec")


def train_missing(source: str, corpora: Iterable[str], keys: tuple[str, ...], settings: SkipGram) -> None:
    """Train the vectors of each corpus, unless they are there or no key names them.

    Parameters
    ----------
    source
        Their path, as `own_vectors` returns it.
    corpora
        Names of the corpora.
    keys
        The keys of all rows of a study.
    settings
        How they are trained.
    """
    if not any(source in key for key in keys):
        return
    for corpus in corpora:
        path = Path(source.format(corpus=corpus))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            config = Training(corpus, (), seed=0).config
            vectors = train_skip_gram(TokenizedFiles([config.path(config.data.train)]), settings)
            write_vectors(path, vectors.words, vectors.array)
