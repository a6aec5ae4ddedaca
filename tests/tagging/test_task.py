"""A task, and its tagger in several processes."""

from multiprocessing.reduction import ForkingPickler

from windowner.tagging.task import SharedTagger, TagTask


def test_a_tagger_crosses_to_other_processes_as_its_task(tiny):
    shared = SharedTagger(TagTask(tiny.model, cache_mb=1))
    tagger = shared.load()
    assert shared.load() is tagger
    sent = ForkingPickler.dumps(shared)
    assert len(sent) < 1000
    received = ForkingPickler.loads(sent)
    assert received.task == shared.task
    assert received.load() is not tagger
