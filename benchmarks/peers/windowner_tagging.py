"""windowner's tagging, through the class that its users use.

cold     a tagger that has just been loaded and has seen no word yet
load     from the model file to the first tags of a short sentence
shape    the sizes of the network, as the keywords of `benchmarks.limits.Shape`
"""

import cProfile
from pathlib import Path
from time import perf_counter

from benchmarks.peers.protocol import (
    Handler,
    Result,
    Task,
    first_tokens,
    read_labelled,
    serve,
    tagging_handler,
    timed,
)
from benchmarks.peers.windowner_training import hot_spots
from windowner.tagger.tagger import Tagger


def set_up(task: Task) -> Handler:
    """Load a model."""
    folder = Path(task["folder"])
    tagger = Tagger.load(folder)
    warm = tagging_handler(lambda sentences: tagger.tag(sentences, task.get("scheme", "IOB2")))

    def load() -> int:
        Tagger.load(folder).tag([["Paris", "is", "big", "."]])
        return 1

    def answer(task: Task) -> Result:
        if task["do"] == "load":
            return timed(load, task["seconds"])
        if task["do"] == "shape":
            network = tagger.model.network
            D, C, H = network.W.shape
            return {"C": C, "D": D, "H": H, "K": len(network.b2), "chain": network.chain is not None}
        if task["do"] not in ("cold", "profile"):
            return warm(task)
        sentences = first_tokens(read_labelled(task["file"])[0], task["tokens"])
        if task["do"] == "cold":
            fresh = Tagger.load(folder)
            return timed(lambda: sum(map(len, fresh.tag(sentences))), 0.0001)
        tagger.tag(sentences)
        profile = cProfile.Profile(perf_counter)
        profile.runcall(tagger.tag, sentences)
        return {"spots": hot_spots(profile, task["count"])}

    return answer


if __name__ == "__main__":
    serve(set_up, "windowner", "numpy", "scipy")
