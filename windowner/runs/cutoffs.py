"""Cutoffs of a run's model: the least probability per type with which a target precision is reached on dev.

    own       the lowest cutoff at which the type's entities of dev surely have the target precision
    shared    the same of the entities of all types together, for a type that has no cutoff of its own: too few of its
              entities are found in dev, or too many of the probable ones are wrong
    none      where all types together do not reach the target either, the type gets no cutoff

Probabilities are calibrated over all types together, so a shared cutoff is the best guess for a type about which dev
says little. "Surely" is the lower bound of `scoring/operating_points.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from windowner.errors import ConfigError, DataError
from windowner.links import refuse_links
from windowner.locks import lock_of, locked
from windowner.runs.file_names import MODEL_NAME
from windowner.runs.folder import RunFolder
from windowner.runs.found import FoundEntities
from windowner.scoring.operating_points import Curve, OperatingPoint, operating_point
from windowner.tagger.parts import write_model

OWN, SHARED, NONE = "own", "shared", "none"


@dataclass(frozen=True)
class TypeCutoff:
    """The cutoff of a type, and what it does on dev.

    Parameters
    ----------
    type
        The type.
    source
        Where the cutoff comes from: own, shared or none.
    before, after
        What remains without and with the cutoff.
    best
        The point with the highest sure precision; None if too few entities of the type are found.
    """

    type: str
    source: str
    before: OperatingPoint
    after: OperatingPoint
    best: OperatingPoint | None


def fit_cutoffs(found: FoundEntities, target: float, types: Sequence[str]) -> list[TypeCutoff]:
    """Return the cutoff of each of some types.

    Parameters
    ----------
    found
        The entities of dev.
    target
        The precision to reach, a fraction.
    types
        The types.
    """
    shared = Curve.of(found.probability, found.correct, int(found.support.sum())).choose(target)
    return [_fit(found, target, name, shared) for name in types]


def _fit(found: FoundEntities, target: float, name: str, shared: OperatingPoint | None) -> TypeCutoff:
    entities = found.of_type(name)
    curve = Curve.of(*entities)
    own = curve.choose(target)
    source = OWN if own else SHARED if shared else NONE
    chosen = own or shared
    return TypeCutoff(
        type=name,
        source=source,
        before=operating_point(*entities, 0.0),
        after=operating_point(*entities, chosen.cutoff if chosen else 0.0),
        best=curve.best(),
    )


def known_types(run: RunFolder, types: Sequence[str]) -> list[str]:
    """Return the types of a run's model that are asked for; all of them if none is.

    Raises
    ------
    ConfigError
        The model does not know a type.
    """
    known = run.tagger.model.tags.types
    for name in types:
        if name not in known:
            raise ConfigError(f"--types {name}: the model has no such type, expected some of {', '.join(known)}")
    return list(types) or list(known)


def keep_cutoffs(run: RunFolder, cutoffs: Mapping[str, float]) -> None:
    """Write a run's model with these cutoffs; a cutoff of 0 is removed, and other types keep theirs.

    Raises
    ------
    DataError
        Another training has taken the run's place, or is about to.
    ModelError
        The file cannot be written.
    """
    model = run.tagger.model
    merged = {**model.cutoffs, **cutoffs}
    kept = {name: cutoff for name, cutoff in merged.items() if cutoff > 0}
    with locked(lock_of(run.path.absolute())) as lock:
        if lock is None:
            raise DataError(f"{run.path}: another process is training there; wait for it")
        run.check_same()
        refuse_links(run.path / MODEL_NAME)
        write_model(replace(model, cutoffs=kept), run.path / MODEL_NAME)
