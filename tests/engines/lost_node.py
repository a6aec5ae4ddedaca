"""Tags shards on two nodes of Ray on this machine, and kills one of them while it tags: a program for `test_lost_node`.

    python lost_node.py MODEL TEXTS OUT

It prints how many shards failed and how many workers were lost.
"""

import json
import logging
import sys
from pathlib import Path

import ray
from ray.cluster_utils import Cluster

from windowner.engines import cluster as cluster_engine
from windowner.engines import engine as engines
from windowner.engines.opening import open_engine
from windowner.engines.tasks import Failure, Lost, Tasks
from windowner.tagging.finding import find_shards
from windowner.tagging.folders import tag_files
from windowner.tagging.task import TagTask

KILLED_AFTER = 4
"""Shards."""

NODE = {"num_cpus": 1, "object_store_memory": 100_000_000, "include_dashboard": False}
lost = []


class CountingTasks(Tasks):
    """Tasks that count the workers that were lost."""

    def finish(self, task, outcome):
        lost.extend([outcome] if isinstance(outcome, Lost) else [])
        super().finish(task, outcome)


class PatientActors(cluster_engine._Actors):
    """Actors of which none begins before all are there, so that both nodes work when one of them is killed."""

    def finished(self):
        if self._starting and not lost:
            ray.wait(list(self._starting), num_returns=len(self._starting))
        yield from super().finished()


def main(model: str, texts: str, out: str) -> None:
    engines.Tasks, cluster_engine._Actors = CountingTasks, PatientActors
    cluster = Cluster(initialize_head=True, head_node_args=NODE)
    other = cluster.add_node(**NODE)
    ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
    try:
        failed = 0
        with open_engine("ray", 2) as engine:
            task = TagTask(model)
            for number, (_, result) in enumerate(tag_files(engine, task, find_shards(texts, Path(out)), Path(out))):
                failed += isinstance(result, Failure)
                if number == KILLED_AFTER:
                    cluster.remove_node(other, allow_graceful=False)
        print(json.dumps({"workers": engine.jobs, "failed": failed, "lost": len(lost)}))
    finally:
        ray.shutdown()
        cluster.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
