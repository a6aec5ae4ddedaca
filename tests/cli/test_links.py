"""Links at places that commands name themselves are never written through."""

import shutil

import pytest
from synthetic import error_of, invoke, succeed

REPORT = ["report", "RUN"]
PLACES = {
    "report.html": REPORT,
    "pictures": REPORT,
    "pictures/calibration.svg": REPORT,
    "pictures/calibration.png": REPORT,
    "model.safetensors": ["cutoff", "RUN", "--target", "precision=0.5"],
}


@pytest.fixture
def run(tiny, tmp_path):
    """A copy of a run."""
    return shutil.copytree(tiny.run.folder, tmp_path / "run")


@pytest.mark.parametrize("place", PLACES)
def test_a_link_in_a_run(run, place):
    """It points to a file or a folder of somebody else, which stays as it is."""
    if place.startswith("pictures"):
        pytest.importorskip("matplotlib")
    elsewhere, link = run.with_name("elsewhere"), run / place
    if place == "pictures":
        elsewhere.mkdir()
    elif link.exists():
        link.rename(elsewhere)
    else:
        elsewhere.write_text("mine", encoding="utf-8")
    content = elsewhere.read_bytes() if elsewhere.is_file() else None
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(elsewhere)
    line = [str(run) if part == "RUN" else part for part in PLACES[place]]
    assert f"{link}: a link, which would be written through; remove it" in error_of(*line)
    assert (elsewhere.read_bytes() if elsewhere.is_file() else None) == content
    assert content is not None or not list(elsewhere.iterdir())


def test_links_that_a_user_names_are_written_through_and_stay(tiny, tmp_path):
    (tmp_path / "there").write_text("old", encoding="utf-8")
    for name, target in (("link", "there"), ("dangling", "new")):
        (tmp_path / name).symlink_to(target)
        succeed("convert", tiny.folder / "dev.conll", tmp_path / name, "--to", "jsonl")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / target).read_text(encoding="utf-8").startswith('{"document":1,"tokens":')


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
def test_a_file_is_not_converted_onto_itself_through_a_link(tiny, tmp_path, kind):
    source = shutil.copy(tiny.folder / "dev.conll", tmp_path / "dev.conll")
    before = (tmp_path / "dev.conll").read_bytes()
    link = tmp_path / "link.jsonl"
    link.symlink_to(source) if kind == "symbolic" else link.hardlink_to(source)
    assert "would be written onto itself" in error_of("convert", source, link)
    assert (tmp_path / "dev.conll").read_bytes() == before


@pytest.mark.parametrize("target", ["nowhere", "folder"])
def test_a_folder_of_brat_files_is_no_link(tiny, tmp_path, target):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / target)
    refused = invoke("convert", tiny.folder / "dev.conll", tmp_path / "link", "--to", "brat")
    assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
    assert (tmp_path / "link").is_symlink()
    assert not list((tmp_path / "folder").iterdir())
