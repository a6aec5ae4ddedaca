"""Other libraries are imported by those who ask for them alone."""

import subprocess
import sys


def test_windowner_imports_neither_library():
    code = "import sys, windowner; [getattr(windowner, name) for name in windowner.__all__]; import windowner.cli.main"
    code += "; print(sorted({'sklearn', 'spacy', 'starlette', 'uvicorn'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
