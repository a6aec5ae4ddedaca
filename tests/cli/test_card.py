"""`windowner card`."""

from synthetic import error_of, invoke, succeed


def test_it_goes_to_stdout_or_into_a_file(tiny, tmp_path):
    shown = succeed("card", tiny.run.folder, "--licence", "model=CC BY 4.0")
    assert "Licence of the model: CC BY 4.0." in shown.stdout
    assert shown.stderr == ""
    written = succeed("card", tiny.run.folder, "--licence", "model=CC BY 4.0", "--out", tmp_path / "card.md")
    assert (tmp_path / "card.md").read_text(encoding="utf-8") == shown.stdout
    assert written.stdout == ""
    assert written.stderr == f"wrote {tmp_path / 'card.md'}\n"


def test_mistakes(tiny, tmp_path):
    for value in ("CC0", "corpus=CC0", "data="):
        result = invoke("card", tiny.run.folder, "--licence", value)
        assert result.exit_code == 2
        assert f"--licence {value}: expected WHAT=TEXT" in result.stderr
    assert error_of("card", tmp_path / "no").startswith(f"{tmp_path / 'no'}: no such folder; expected a run")
    assert "config.toml" in error_of("card", tmp_path) or "history.jsonl" in error_of("card", tmp_path)
    path = tmp_path / "no" / "card.md"
    assert error_of("card", tiny.run.folder, "--out", path) == f"{path}: cannot be written: No such file or directory"
