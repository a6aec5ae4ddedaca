"""Files into a folder: whole or not there, a restart does what is missing, one that fails leaves the others alone."""

import gzip
import json
import os
import shutil
import time

import pytest
from synthetic import error_of, invoke, succeed

from windowner.engines.local import LocalEngine
from windowner.engines.tasks import Failure
from windowner.errors import DataError
from windowner.formats.brat import read_brat
from windowner.formats.distinct import Memory
from windowner.locks import locked
from windowner.tagging import folders as bulk
from windowner.tagging.finding import FileShard, find_shards
from windowner.tagging.folders import tag_files
from windowner.tagging.record import FILES as LISTED
from windowner.tagging.record import RECORD
from windowner.tagging.task import TagTask
from windowner.text.wording import count_of

COLUMNS = "John x\nSmith x\n\nlives x\n\n"
TOKENS = "John Smith lives in Paris .\n\nAnna met Omar\n"
LINES = '{"tokens": ["John", "Smith"]}\n{"tokens": ["Rome"]}\n'


@pytest.fixture
def texts(tmp_path):
    """A folder of five shards, and a file that is none."""
    folder = tmp_path / "texts"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.conll").write_text(COLUMNS, encoding="utf-8")
    (folder / "b.txt").write_text(TOKENS, encoding="utf-8")
    (folder / "c.jsonl").write_text(LINES, encoding="utf-8")
    (folder / "deep" / "b.txt").write_text(TOKENS * 9, encoding="utf-8")
    (folder / "z.txt.gz").write_bytes(gzip.compress(TOKENS.encode()))
    (folder / "README.md").write_text("no text", encoding="utf-8")
    return folder


FILES = {"a.conll", "b.txt", "c.jsonl", "deep/b.txt", "z.txt.gz"}
WRITTEN = {"a.conll", "b.txt.conll", "c.jsonl", "deep/b.txt.conll", "z.txt.conll.gz"}


def files(folder):
    """Names and bytes of all files, the record aside."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != RECORD]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def expected(tiny, texts):
    """What the command writes for one file at a time."""
    options = {".txt": ["--input", "tokens"], ".gz": ["--input", "tokens"]}
    return {
        name: succeed("tag", tiny.model, path, *options.get(path.suffix, [])).stdout_bytes
        for name, path in zip(
            sorted(WRITTEN), sorted(path for path in texts.rglob("*.*") if path.suffix != ".md"), strict=True
        )
    }


def test_a_folder_of_files(tiny, texts, tmp_path):
    result = succeed("tag", tiny.model, texts, "--out", tmp_path / "out", "--jobs", "2")
    assert result.stdout == ""
    assert "5 shards tagged, 105 tokens; 0 failed" in result.stderr
    written = files(tmp_path / "out")
    written["z.txt.conll.gz"] = gzip.decompress(written["z.txt.conll.gz"])
    assert written == expected(tiny, texts)


@pytest.mark.parametrize("single", [False, True])
def test_brat(tiny, texts, tmp_path, single):
    """A pair of files for each text, in a folder for each file; read back, it says what `--output spans` says."""
    source, out = (texts / "b.txt" if single else texts), tmp_path / "out"
    command = ["tag", tiny.model, source, "--output", "brat", "--out", out]
    assert f"{count_of(1 if single else 5, 'shard')} tagged" in succeed(*command).stderr
    folders = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.brat"))
    assert folders == (["b.txt.brat"] if single else sorted(f"{name}.brat" for name in FILES))
    assert sorted(path.name for path in (out / "b.txt.brat").iterdir()) == [
        f"{number:05}{suffix}" for number in (1, 2, 3) for suffix in (".ann", ".txt")
    ]
    assert (out / "b.txt.brat" / "00001.ann").read_text() == "T1\tPER 0 10\tJohn Smith\nT2\tLOC 20 25\tParis\n"
    lines = map(json.loads, succeed("tag", tiny.model, texts / "b.txt", "--output", "spans").stdout.splitlines())
    documents = read_brat(out / "b.txt.brat")
    assert [(each.text, [span[:3] for span in each.spans]) for each in documents] == [
        (line["text"], [(span["start"], span["end"], span["label"]) for span in line["spans"]]) for line in lines
    ]
    before = files(out)
    assert "0 failed" in succeed(*command).stderr
    assert files(out) == before


def test_a_file_without_texts_is_an_empty_folder(tiny, tmp_path):
    source, out = tmp_path / "texts", tmp_path / "out"
    source.mkdir()
    (source / "a.txt").write_text("John Smith lives in Paris.\n", encoding="utf-8")
    (source / "empty.txt").touch()
    for _ in range(2):
        succeed("tag", tiny.model, source, "--input", "text", "--output", "brat", "--out", out)
        assert list((out / "empty.txt.brat").iterdir()) == []


def test_brat_continues_where_it_was_interrupted(tiny, texts, tmp_path):
    out = tmp_path / "out"
    command = ["tag", tiny.model, texts, "--output", "brat", "--out", out]
    succeed(*command)
    before = files(out)
    shutil.rmtree(out / "b.txt.brat")
    assert "5 shards, 4 of them tagged already" in succeed(*command).stderr
    assert files(out) == before
    assert "made with output brat" in error_of("tag", tiny.model, texts, "--output", "spans", "--out", out)


def test_a_folder_that_was_removed_is_not_made_anew_for_brat(tiny, texts, tmp_path):
    shard = FileShard(texts / "b.txt", "", tmp_path / "removed" / "b.txt.brat", "brat")
    with pytest.raises(DataError, match=r"removed/b\.txt\.brat: cannot be written: No such file or directory"):
        bulk.tag_shard(tiny.run.tagger, TagTask(tiny.model), Memory(), shard)
    assert not shard.target.parent.exists()


def test_brat_needs_a_folder(tiny, texts, tmp_path):
    result = invoke("tag", tiny.model, texts / "b.txt", "--output", "brat")
    assert result.exit_code == 2
    assert "--output brat needs --out DIR" in result.stderr
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = invoke("tag", tiny.model, texts / "b.txt", "--output", "brat", "--out", tmp_path / "file")
    assert result.exit_code == 2
    assert "file' is a file" in result.stderr


def test_a_restart_does_what_is_missing(tiny, texts, tmp_path):
    out = tmp_path / "out"
    succeed("tag", tiny.model, texts, "--out", out)
    whole = files(out)
    (out / "a.conll").write_bytes(b"kept as it is")
    (out / "c.jsonl").unlink()
    result = succeed("tag", tiny.model, texts, "--out", out)
    assert "5 shards, 4 of them tagged already" in result.stderr
    assert "1 shard tagged, 3 tokens; 0 failed" in result.stderr
    assert files(out) == whole | {"a.conll": b"kept as it is"}


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("name", ["a.conll", "shards.json", "deep"])
@pytest.mark.parametrize("exists", [True, False])
def test_nothing_is_written_through_a_link(tiny, texts, tmp_path, name, exists):
    """The link of a file, of the record, or of a folder, to what is there and to what is not."""
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    (texts / "deep").mkdir(exist_ok=True)
    (texts / "deep" / "x.txt").write_text(TOKENS, encoding="utf-8")
    if exists:
        elsewhere.mkdir() if name == "deep" else elsewhere.write_text("{}")
    (out / name).symlink_to(elsewhere)
    assert error_of("tag", tiny.model, texts, "--out", out).startswith(f"{out / name}: a link, which would be written")
    assert not elsewhere.is_dir() or not list(elsewhere.iterdir())
    assert elsewhere.exists() == exists


def test_a_users_file_under_the_name_of_a_tagged_one_is_refused(tiny, texts, tmp_path):
    """Before the first run, and before a later one with more texts. Nothing is tagged, and the file stays."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.conll").write_text("mine")
    expected = f"{out}/a.conll: is there already, and {out}/shards.json does not list it as a tagged file; choose"
    assert error_of("tag", tiny.model, texts, "--out", out).startswith(expected)
    assert files(out) == {"a.conll": b"mine"}
    (out / "a.conll").unlink()
    succeed("tag", tiny.model, texts, "--out", out)
    whole = files(out)
    for name in ("new.txt", "other.txt"):
        (texts / name).write_text(TOKENS, encoding="utf-8")
    (out / "new.txt.conll").write_text("mine")
    assert "new.txt.conll: is there already" in error_of("tag", tiny.model, texts, "--out", out)
    (out / "new.txt.conll").unlink()
    assert "7 shards, 5 of them tagged already" in succeed("tag", tiny.model, texts, "--out", out).stderr
    assert files(out) == whole | {name: whole["b.txt.conll"] for name in ("new.txt.conll", "other.txt.conll")}


@pytest.mark.parametrize("output", ["conll", "brat"])
def test_what_is_no_tagged_file_does_not_count_as_one(tiny, texts, tmp_path, output):
    """A folder in the place of a file of the list, and a file in the place of a folder. What is in it stays."""
    out = tmp_path / "out"
    command = ["tag", tiny.model, texts, "--out", out, *(["--output", "brat"] if output == "brat" else [])]
    succeed(*command)
    target = out / f"b.txt.{output}"
    if output == "brat":
        shutil.rmtree(target)
        target.write_text("mine")
    else:
        target.unlink()
        target.mkdir()
        (target / "mine").write_text("mine")
    before = files(out)
    expected = "a folder of brat" if output == "brat" else "a tagged file"
    assert error_of(*command).startswith(f"{target}: is there already, and is not {expected}; choose another folder")
    assert files(out) == before


def test_the_record_of_an_earlier_revision_lists_no_files(tiny, texts, tmp_path):
    out = tmp_path / "out"
    succeed("tag", tiny.model, texts, "--out", out)
    record = json.loads((out / RECORD).read_text(encoding="utf-8"))
    assert set(record.pop(LISTED)) == WRITTEN
    (out / RECORD).write_text(json.dumps(record), encoding="utf-8")
    assert "5 shards, 5 of them tagged already" in succeed("tag", tiny.model, texts, "--out", out).stderr
    assert set(json.loads((out / RECORD).read_text(encoding="utf-8"))[LISTED]) == WRITTEN


def test_one_command_at_a_time(tiny, texts, tmp_path, monkeypatch):
    monkeypatch.setattr("windowner.locks.PATIENCE", 0.1)
    (tmp_path / "out").mkdir()
    with locked(tmp_path / "out" / bulk.LOCK):
        assert "another process is tagging into it" in error_of("tag", tiny.model, texts, "--out", tmp_path / "out")
    succeed("tag", tiny.model, texts, "--out", tmp_path / "out")
    assert set(os.listdir(tmp_path / "out")) == {RECORD, "deep", *(name for name in WRITTEN if "/" not in name)}


FROM_THE_FUTURE = "deep/.b.txt.conll.9-1.unfinished"  # the clock was set back since


def test_leftovers_of_killed_workers_are_removed(tiny, texts, tmp_path):
    """A file that somebody may still write stays, and so does every file that is not of these shards."""
    out = tmp_path / "out"
    (out / "deep").mkdir(parents=True)
    left = {f"{place}.{name}" for place in ("", "deep/") for name in ("b.txt.conll.7-0.unfinished", "x.8-0.unfinished")}
    removed = {".a.conll.7-0.unfinished", FROM_THE_FUTURE}
    for name in left | removed:
        (out / name).touch()
        hours = 0.9 if "7-0" in name and name not in removed else 1.1
        then = time.time() - 3600 * (-hours if name == FROM_THE_FUTURE else hours)
        os.utime(out / name, (then, then))
    succeed("tag", tiny.model, texts, "--out", out)
    assert set(files(out)) == WRITTEN | left


def test_compressed_files_have_the_same_bytes_each_time(tiny, texts, tmp_path):
    """Neither the time nor the temporary name stands in them."""
    for out in ("one", "two"):
        succeed("tag", tiny.model, texts / "*.gz", "--out", tmp_path / out)
    (one,), (two,) = (files(tmp_path / out).values() for out in ("one", "two"))
    assert one == two
    assert one[3:8] == bytes(5)  # flags and time in the header


def test_a_shard_that_fails_leaves_the_others_alone(tiny, texts, tmp_path):
    (texts / "c.jsonl").write_text('{"tokens": ["a"]}\n{"tokens": 3}\n', encoding="utf-8")
    (texts / "z.txt.gz").write_bytes(b"\x1f\x8bno gzip but more bytes than a header has")
    result = invoke("tag", tiny.model, texts, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert f"error: {texts / 'c.jsonl'}:2: Expected `array`, got `int`" in result.stderr
    assert f"error: {texts / 'z.txt.gz'}: damaged or not compressed" in result.stderr
    assert "3 shards tagged" in result.stderr
    assert set(files(tmp_path / "out")) == WRITTEN - {"c.jsonl", "z.txt.conll.gz"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_text_that_the_output_cannot_hold_is_named_by_its_file(tiny, tmp_path, jobs):
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.jsonl"
    path.write_text('{"tokens": ["a"]}\n{"tokens": ["a\\tb"]}\n', encoding="utf-8")
    options = ("--output", "columns", "--jobs", jobs)
    expected = f"{path}:2: token 'a\\tb' holds a tab or a line end, which a column file cannot hold"
    assert expected in error_of("tag", tiny.model, path, *options)
    assert f"error: {expected}" in invoke("tag", tiny.model, path.parent, "--out", tmp_path / "out", *options).stderr


def test_other_options_need_another_folder(tiny, texts, tmp_path):
    out = tmp_path / "out"
    succeed("tag", tiny.model, texts, "--out", out)
    message = error_of("tag", tiny.model, texts, "--out", out, "--scheme", "BIOES")
    assert message.startswith(f"{out / 'shards.json'}: the shards there were made with scheme IOB2, expected BIOES")
    (out / "shards.json").write_bytes(b"{")
    assert "expected the record of a folder of shards" in error_of("tag", tiny.model, texts, "--out", out)


def test_bad_calls(tiny, texts, tmp_path):
    assert error_of("tag", tiny.model, tmp_path / "none*", "--out", tmp_path / "out").endswith(
        "none*: no files to tag, expected .conll, .txt, .jsonl, .conllu, .csv, .parquet, .spacy, also with .gz"
    )
    assert error_of("tag", "nowhere", texts, "--out", tmp_path / "out").startswith("nowhere: no such file")
    assert not (tmp_path / "out").exists()
    assert invoke("tag", tiny.model, texts, "--engine", "ray").exit_code == 2


def test_shards_by_glob_largest_first(texts, tmp_path):
    found = find_shards(str(texts / "**" / "*.txt*"), tmp_path)
    assert [shard.target.relative_to(tmp_path).as_posix() for shard in found] == [
        "deep/b.txt.conll",
        "z.txt.conll.gz",
        "b.txt.conll",
    ]
    assert {shard.input_format for shard in found} == {""}  # their content says it


def test_what_was_tagged_is_no_input(texts):
    shutil.copytree(texts / "deep", texts / "out")
    assert len(find_shards(str(texts), texts / "out")) == 5


def test_two_files_for_one_place(texts, tmp_path):
    (texts / "b.txt.conll").write_text(COLUMNS, encoding="utf-8")
    with pytest.raises(
        DataError, match=r"b.txt.conll: would be written to .*, as .*b.txt is; expected different names"
    ):
        find_shards(str(texts), tmp_path)
    with pytest.raises(DataError, match=r"a.conll: would be written onto itself"):
        find_shards(str(texts), texts)


def test_ray_writes_what_processes_write(tiny, texts, tmp_path, ray_engine):
    task = TagTask(tiny.model, scores=True)
    for name, engine in (("local", LocalEngine(2)), ("ray", ray_engine)):
        out = tmp_path / name
        done = list(tag_files(engine, task, find_shards(str(texts), out), out))
        assert not [result for _, result in done if isinstance(result, Failure)]
    assert files(tmp_path / "local") == files(tmp_path / "ray")
    assert set(files(tmp_path / "ray")) == WRITTEN


def test_nothing_missing_needs_no_worker(tiny, texts, tmp_path):
    shards = find_shards(str(texts), tmp_path / "out")
    task = TagTask(tiny.model)
    assert len(list(tag_files(LocalEngine(1), task, shards, tmp_path / "out"))) == 5
    assert list(tag_files(LocalEngine(1), task, shards, tmp_path / "out")) == []


def test_two_texts_of_one_id_name_the_users_folder(tiny, tmp_path):
    source, out = tmp_path / "a.jsonl", tmp_path / "out"
    source.write_text('{"id": "a/b", "text": "Ana"}\n\n{"id": "a_b", "text": "Rome"}\n', encoding="utf-8")
    result = invoke("tag", tiny.model, source, "--output", "brat", "--out", out)
    assert (
        f"error: {out / 'a.jsonl.brat'}: the text of line 3 is the second one with the name a_b; expected different ids"
    ) in result.stderr
    assert [path.name for path in out.iterdir()] == [RECORD]


def test_unfinished_folders_have_names_of_their_own(tiny, texts, tmp_path):
    """A folder that another worker fills is left alone, and one that was left for an hour is removed."""
    out = tmp_path / "out"
    theirs, left = out / ".b.txt.brat.1.unfinished", out / ".b.txt.brat.2.unfinished"
    for folder in (theirs, left):
        folder.mkdir(parents=True)
        (folder / "x.txt").write_text("x", encoding="utf-8")
    then = time.time() - 3600 * 1.1
    os.utime(left, (then, then))
    succeed("tag", tiny.model, texts / "b.txt", "--output", "brat", "--out", out)
    assert (theirs / "x.txt").exists()
    assert not left.exists()
    assert (out / "b.txt.brat" / "00001.txt").exists()


def test_a_folder_of_brat_is_tagged_with_out(tiny, tmp_path):
    folder, out = tmp_path / "brat", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text("John Smith.\nHe lives.", encoding="utf-8")
    (folder / "a.ann").write_text("T1\tPER 0 4\tJohn\n", encoding="utf-8")
    result = invoke("tag", tiny.model, folder)
    assert result.exit_code == 2
    assert f"{folder} is a folder, expected a file; --out DIR tags all files of a folder" in result.stderr
    result = invoke("tag", tiny.model, folder, "--input", "brat", "--out", out)
    assert result.exit_code == 2
    assert "--input brat: texts of brat are read with --input document" in result.stderr
    succeed("tag", tiny.model, folder, "--input", "document", "--output", "brat", "--out", out)
    (document,) = read_brat(out / "a.txt.brat")
    assert document.text == "John Smith.\nHe lives."


def test_a_place_that_cannot_be_written_is_named(tiny, tmp_path):
    (tmp_path / "a.txt").write_text("Ana lives.")
    shard = FileShard(tmp_path / "a.txt", "text", tmp_path / "a.txt" / "x.conll", "columns")
    with pytest.raises(DataError, match=r"a\.txt/x\.conll: cannot be written: Not a directory"):
        bulk.tag_shard(tiny.run.tagger, TagTask(tiny.model), Memory(), shard)
