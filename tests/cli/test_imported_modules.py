"""What a start of `windowner tag` does not import, because its import takes long and nothing of it is used."""

import subprocess
import sys

import pytest

UNWANTED = ["scipy", "scipy.sparse", "numpy.ma", "importlib.resources", "gensim", "asyncio", "multiprocessing"]


@pytest.mark.parametrize("options", [(), ("--scores",), ("--input", "text")], ids=" ".join)
def test_tagging_imports_nothing_that_it_does_not_use(tiny, tmp_path, options):
    text = tmp_path / "text.conll"
    text.write_text("Paris\nis\nbig\n", encoding="utf-8")
    code = f"""if True:
        import sys
        from windowner.cli.main import main
        main(sys.argv[1:], standalone_mode=False)
        print([name for name in {UNWANTED} if name in sys.modules], file=sys.stderr)
    """
    command = [sys.executable, "-c", code, "tag", str(tiny.model), str(text), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "[]\n")
