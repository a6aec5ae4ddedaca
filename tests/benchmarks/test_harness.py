"""The environment of a measured process is that of a user, except for its one thread."""

from benchmarks.harness import ONE_THREAD, environment


def test_a_measured_process_has_one_thread_and_what_else_it_asks_for(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "8")
    monkeypatch.setenv("HOME", "/somewhere")

    found = environment({"LANG": "C"})

    assert {**ONE_THREAD, "HOME": "/somewhere", "LANG": "C"}.items() <= found.items()


def test_a_measured_process_keeps_its_compiled_modules(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    assert "PYTHONDONTWRITEBYTECODE" not in environment()
