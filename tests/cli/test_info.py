"""`windowner info`."""

import json

from synthetic import error_of, invoke, succeed


def test_it_says_what_the_file_holds(tiny):
    shown = succeed("info", tiny.run.folder).stdout
    model = tiny.run.tagger.model
    for part in ("LOC, PER", model.tokenizer, f"{model.temperature:.3f}", "train.conll", "sentences 250"):
        assert part in shown
    assert "The file holds 55 words of the training text. Whoever gets the file can read them." in shown
    assert succeed("info", tiny.model).stdout == shown


def test_words_are_listed_one_per_line_and_alone(tiny):
    lines = succeed("info", tiny.run.folder, "--words").stdout.splitlines()
    assert len(lines) == 55
    assert "Smith" in lines


def test_json(tiny):
    values = json.loads(succeed("info", tiny.run.folder, "--json", "-").stdout)
    assert values["words"]["of_training_text"] == 55
    assert len(values["digest"]) == 64
    assert values["changed"]["model.hidden"] == 20


def test_mistakes(tiny, tmp_path):
    result = invoke("info", tiny.model, "--words", "--json", "-")
    assert (result.exit_code, "--words and --json exclude each other" in result.stderr) == (2, True)
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(tiny.model.read_bytes()[:-5])
    assert error_of("info", damaged).startswith(f"{damaged}: damaged")
    assert error_of("info", tmp_path).startswith(f"{tmp_path}/model.safetensors: no such file")
