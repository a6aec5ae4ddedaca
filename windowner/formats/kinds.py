"""Files that hold no labelled text, by their first bytes: what they are, and what to do."""

import re

from windowner.errors import DataError

EXPORT = "export the labels as CoNLL, JSON Lines or CSV"
KINDS = (  # what the file begins with, what it is, what to do
    (rb"%PDF-", "a PDF", "extract its text and label that"),
    (rb"version https://git-lfs", "a pointer of git-lfs, not the file itself", "fetch the file: git lfs pull"),
    (rb"\s*(?i:<!doctype html|<html)", "an HTML page", "download the file itself, such as the raw file"),
    (rb"\s*<\?xml|\s*<!DOCTYPE ", "XML", EXPORT),
    (rb"\x80[\x02-\x05]", "a pickle, which is not read because it can run programs", "save the data as JSON"),
    (rb"\xd0\xcf\x11\xe0", "an old Office file", "save it as CSV in UTF-8"),
    (rb"\{\\rtf", "Rich Text", "save it as plain text"),
    (rb"\x93NUMPY", "a numpy array", EXPORT),
    (rb"\x89HDF", "HDF5", EXPORT),
    (rb"ARROW1|\xff{4}", "an Arrow file", "save it as Parquet, or as JSON Lines"),
    (rb"SQLite format 3", "a database", EXPORT),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", "a picture", EXPORT),
    (rb"(?s:.{257})ustar", "a tar archive", "unpack it and name a file"),
    (rb"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it: zstd -d"),
    (
        rb"\x78(?:\x9c|\xda[^\x80-\xbf])",
        "a damaged DocBin of spaCy, or compressed with zlib",
        "save the DocBin again, or unpack the file",
    ),
    (rb"7z\xbc\xaf|Rar!", "an archive", "unpack it and name a file"),
    (
        rb"#FORMAT=WebAnno TSV [12]|#id=\d+\r?\n#text=| # (?:de\.tudarmstadt|webanno)\.",
        "WebAnno TSV 1 or 2",
        "export it as WebAnno TSV 3 or as CoNLL",
    ),
    (rb"\d+ \d+\r?\n\S+ [^\n]*[\x80-\xff\0-\x08\x0e-\x1f]", "binary word vectors", "name them as vectors.source"),
)
_NUMBER = re.compile(rb"-?\d+\.\d+(?:[eE]-?\d+)?")
_ENOUGH = 100  # bytes that show that a file is binary
_VECTOR = 20  # more numbers in a row than columns have


def refuse_other_kinds(head: bytes, name: str) -> None:
    """Refuse a file that holds something else than labelled text.

    Parameters
    ----------
    head
        Its first bytes.
    name
        Its name, for the error message.

    Raises
    ------
    DataError
        It says what the file is, and what to do.
    """
    for pattern, kind, remedy in KINDS:
        if re.match(pattern, head):
            raise DataError(f"{name}: {kind}, expected labelled text; {remedy}")
    lines = head.split(b"\n", 2)
    for line in lines[:2]:
        cells = line.split()
        if len(cells) > _VECTOR and all(_NUMBER.fullmatch(cell) for cell in cells[1 : _VECTOR + 1]):
            raise DataError(f"{name}: word vectors, expected labelled text; name them as vectors.source")
    _refuse_binary(head, name)


def _refuse_binary(head: bytes, name: str) -> None:
    odd = sum(head.count(byte) for byte in (*range(9), *range(14, 27)))
    if head.count(0, 0, 2000) > 0.3 * len(head[:2000]) and len(head) > 3:
        raise DataError(
            f"{name}: UTF-16 without a byte order mark, or binary; expected text, or data.encoding = utf-16-le"
        )
    if odd > 0.05 * len(head) and len(head) >= _ENOUGH:
        raise DataError(f"{name}: binary data, expected labelled text in UTF-8")
