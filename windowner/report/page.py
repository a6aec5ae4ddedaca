"""Pages: filled-in templates in one file that opens from disk, with pictures in a folder beside it.

Everything that comes from data is escaped.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from windowner.errors import DataError
from windowner.files import write_whole
from windowner.links import refuse_links
from windowner.markup.filling import OWN, make_environment
from windowner.report.figures import Picture
from windowner.runs.file_names import PICTURE_SUFFIXES, PICTURES_NAME
from windowner.whole_folders import parents_of


def write_page(template: str, values: Mapping[str, Any], path: Path) -> Path:
    """Write a page and, into the folder beside it, its pictures as SVG and PNG; return the page's path.

    A character that UTF-8 cannot encode, such as half of a surrogate pair, becomes a question mark.

    Parameters
    ----------
    template
        A file of the folder `templates`.
    values
        What the template shows.
    path
        The page.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError
        A file cannot be written, its folder was removed meanwhile, or a link stands where a picture is written.
    """
    try:
        with parents_of(path):  # before the page is made, so that a folder that is removed meanwhile is not made anew
            text, pictures = render(template, values)
            folder = path.parent / PICTURES_NAME
            files = [folder / f"{picture.name}{suffix}" for picture in pictures for suffix in PICTURE_SUFFIXES]
            refuse_links(*[folder, *files] if pictures else [])
            if pictures:
                folder.mkdir(exist_ok=True)
            for picture in pictures:
                picture.save(folder)
            write_whole(path, text.encode("utf-8", errors="replace"))
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror}") from None
    return path


def render(template: str, values: Mapping[str, Any]) -> tuple[str, list[Picture]]:
    """Fill in a template, and return the page and the pictures on it.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    """
    environment = make_environment("windowner.report", OWN)
    from markupsafe import Markup  # which jinja2 needs, too

    pictures: list[Picture] = []

    def picture(drawn: Picture) -> Markup:
        """Return a figure as SVG; matplotlib has escaped its text."""
        pictures.append(drawn)
        return Markup(drawn.svg())

    environment.filters["picture"] = picture
    text = environment.get_template(template).render(values)
    return text, pictures
