"""Engines by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from windowner.engines.engine import Engine

ENGINES = ("local", "ray")


@contextmanager
def open_engine(name: str, jobs: int | None = None, address: str | None = None) -> Iterator["Engine"]:
    """Return an engine that is closed when the block ends.

    Parameters
    ----------
    name
        `local` for processes of this machine, or `ray`.
    jobs
        Number of workers; by default one per processor.
    address
        Address of a Ray cluster; see `RayEngine`.

    Raises
    ------
    EngineError
        Ray is not installed, or there is no cluster at the address.
    """
    if name == "local":
        from windowner.engines.local import LocalEngine
        from windowner.platform import count_processors

        yield LocalEngine(jobs or count_processors())
    elif name == "ray":
        from windowner.engines.cluster import RayEngine

        engine = RayEngine(jobs, address)
        try:
            yield engine
        finally:
            engine.close()
    else:
        raise ValueError(f"unknown engine {name!r}, expected one of {', '.join(ENGINES)}")
