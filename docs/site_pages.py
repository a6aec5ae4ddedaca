"""Makes the pages of the site that do not stand in docs/. mkdocs runs it as a hook (mkdocs.yml).

The first page is README.md. CONTRIBUTING.md, CHANGELOG.md and data/README.md are pages too. The API page lists the
public names. Each source file to which a page links becomes a page below source/, so that the site is complete in
itself. Links are written for a repository, and are rewritten for the site. Below the picture of an expression's graph
stands a link to a page that steps through it.
"""

import ast
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from posixpath import relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from docs.notebook import GRAPHS
from windowner.cli.graph import view_expression
from windowner.report.graph_page import graph_page

ROOT = Path(__file__).parents[1]
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "data/README.md": "corpora.md",
}
"""Files of the repository, and the pages that are made of them."""

BESIDE_THE_NAMES = ("windowner.adapters.sklearn.WindowTagger", "windowner.engines.opening.open_engine")
LANGUAGES = {".py": "python", ".toml": "toml", ".md": "markdown", ".json": "json"}

_LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
_FENCE = re.compile(r"\s*(```|~~~)")
_ITEM = re.compile(r"(-|\d+\.) ")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that do not stand in docs/, and rewrite the links of all."""
    pages = {f"docs/{file.src_uri}": file.src_uri for file in files.documentation_pages()} | PAGES
    sources: dict[str, None] = {}  # in order
    for page, text in steps_pages().items():
        _put(files, config, page, text)
    for origin, page in pages.items():
        text = with_steps((ROOT / origin).read_text(encoding="utf-8"))
        _put(files, config, page, for_site(text, origin, page, pages, sources))
    _put(files, config, "api.md", api_page())
    for source in list(sources):  # the listings of folders add the files in them
        _put_source(files, config, source, sources, pages)
    for source in list(sources):
        if source_page(source) not in files.src_uris:
            _put_source(files, config, source, sources, pages)
    return files


def for_site(text: str, origin: str, page: str, pages: dict[str, str], sources: dict[str, None]) -> str:
    """Return the text of a file of the repository as the text of a page, and add what it links to to `sources`."""

    def rewritten(link: re.Match[str]) -> str:
        before, address, after = link.groups()
        if "://" in address or address.startswith("mailto:"):
            return link[0]
        target = os.path.normpath(Path(origin).parent / address)
        if target in pages:
            return f"{before}{_relative(pages[target], page)}{after}"
        if target.startswith("docs/") and not (ROOT / target).is_dir() and not target.endswith(".py"):
            return f"{before}{_relative(target.removeprefix('docs/'), page)}{after}"  # a picture
        if not (ROOT / target).exists():
            return link[0]  # mkdocs reports it
        sources[target] = None
        return f"{before}{_relative(source_page(target), page)}{after}"

    return indented_lists(outside_fences(text, lambda line: _LINK.sub(rewritten, line)))


def steps_pages() -> dict[str, str]:
    """Return the pages that step through graphs of expressions, by their places on the site."""
    commands = {picture: shlex.split(command) for picture, command in GRAPHS.items()}
    return {
        _steps_page(picture): graph_page(view_expression(words[3], words[4:]), words[3])
        for picture, words in commands.items()
        if words[2] == "--expr"
    }


def with_steps(text: str) -> str:
    """Return the text of a page with a link below each picture of which there is a page with steps."""
    for picture in (picture for picture, command in GRAPHS.items() if "--expr" in command):
        link = rf"\1\n\n[Step through this graph, forward and backward]({_steps_page(picture)})"
        text = re.sub(rf"^(!\[[^\]]*\]\({re.escape(picture)}\))$", link, text, flags=re.MULTILINE)
    return text


def _steps_page(picture: str) -> str:
    return f"{picture.removesuffix('.svg')}.html"


def outside_fences(text: str, change: Callable[[str], str]) -> str:
    """Return a text whose paragraphs outside of fenced code are changed. A link may span two lines."""
    done: list[str] = []
    paragraph: list[str] = []
    inside = False
    for line in [*text.splitlines(), ""]:
        fence = _FENCE.match(line) is not None
        if not (inside or fence):
            paragraph.append(line)
        if paragraph and (fence or not line):
            done.append(change("\n".join(paragraph)))
            paragraph = []
        if inside or fence:
            done.append(line)
        inside ^= fence
    return "\n".join(done)


def indented_lists(text: str) -> str:
    """Return a text whose list items hold what is indented by four, as Python-Markdown wants."""
    done: list[str] = []
    width = 0
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        item = _ITEM.match(line)
        if item:
            width = len(item[0])
        elif width and line.strip():
            if indent >= width:
                line = " " * max(0, 4 - width) + line
            elif not done[-1].strip():
                width = 0  # a paragraph after the list
        done.append(line)
    return "\n".join(done) + "\n"


def api_page() -> str:
    """Return the page of the public names, which `windowner/__init__.py` lists, and of a few more."""
    tree = ast.parse((ROOT / "windowner" / "__init__.py").read_text(encoding="utf-8"))
    homes: dict[str, str] = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_HOMES"
    )
    names = {name: f"windowner.{home}.{name}" for name, home in homes.items()}
    parts = {
        "Functions": [path for name, path in names.items() if name[0].islower()],
        "Classes": [path for name, path in names.items() if name[0].isupper() and not name.endswith("Error")],
        "Errors": [path for name, path in names.items() if name.endswith("Error")],
        "Beside them": list(BESIDE_THE_NAMES),
    }
    sections = (f"## {title}\n\n" + "".join(f"::: {path}\n\n" for path in paths) for title, paths in parts.items())
    intro = (
        "The names under the first three headings are those of `import windowner`. Their pages are their docstrings."
    )
    return f"# Python reference\n\n{intro} [windowner in Python](python.md) has examples.\n\n" + "".join(sections)


def source_page(source: str) -> str:
    """Return the page of a source file or folder."""
    return f"source/{source}.md" if (ROOT / source).is_file() else f"source/{source}/index.md"


def _put_source(
    files: Files, config: MkDocsConfig, source: str, sources: dict[str, None], pages: dict[str, str]
) -> None:
    """Add the page of a source file, or of a folder with its files."""
    path, page = ROOT / source, source_page(source)
    if path.is_dir():
        inside = [file for file in sorted(path.iterdir()) if file.suffix in LANGUAGES]
        listed = "\n".join(f"- [{file.name}]({file.name})" for file in inside)
        text = for_site(f"# {source}\n\n{listed}\n", f"{source}/index", page, pages, sources)
    else:
        code = path.read_text(encoding="utf-8")
        text = f"---\nsearch:\n  exclude: true\n---\n\n# {path.name}\n\n`{source}`\n\n"
        text += f"~~~~{LANGUAGES.get(path.suffix, 'text')}\n{code}\n~~~~\n"
    _put(files, config, page, text)


def _put(files: Files, config: MkDocsConfig, page: str, text: str) -> None:
    there = files.get_file_from_path(page)
    if there is not None:
        files.remove(there)
    files.append(File.generated(config, page, content=text))


def _relative(target: str, page: str) -> str:
    return relpath(target, Path(page).parent.as_posix())
