"""Addresses of files in stores, such as s3://bucket/texts/a.txt. They behave as `Path` does where both are used.

    path_of("texts/a.txt")              Path
    path_of("file:///texts/a.txt")      Path
    path_of("s3://bucket/texts/a.txt")  Address

A store has names and no folders. What is called a folder here is the beginning of names, up to a "/". An object of a
store is written whole: it is there when all of its content is. fsspec talks to the stores, and the library of each
store finds its own credentials.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, BinaryIO, cast
from urllib.parse import unquote

from windowner.errors import StoreError
from windowner.stores.credentials import without_credentials
from windowner.stores.failures import answering
from windowner.stores.opening import WEB, open_store, parts_of, urls_of
from windowner.stores.streamed import Streamed

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://")  # a drive of Windows has one letter
_LOCAL = re.compile(r"(?:file|local)://(?:localhost(?=/))?")
_GLOB = re.compile(r"[*?\[]")

PIECE = 4 << 20
"""Bytes that a store is asked for at once when a file is read. s3fs would ask for 50 MB."""


class Address:
    """The address of a file in a store.

    Parameters
    ----------
    url
        `protocol://...`; it may hold credentials, which `str` and `repr` leave out.

    Every method that talks to the store raises a `StoreError` if the store does not do what it is asked to.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def __str__(self) -> str:
        return without_credentials(self.url)

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self._plain == other._plain

    def __hash__(self) -> int:
        return hash(self._plain)

    def __lt__(self, other: "Address") -> bool:
        return self.url < other.url

    def __truediv__(self, name: str | PurePath) -> "Address":
        return Address(f"{self._plain}/{name.as_posix() if isinstance(name, PurePath) else name}")

    @property
    def _plain(self) -> str:
        return self.url.rstrip("/")

    @property
    def protocol(self) -> str:
        """What stands before `://`."""
        return parts_of(self.url).protocol

    @property
    def name(self) -> str:
        """The last part of the address; "" for a bucket."""
        _, _, rest = str(self).rstrip("/").partition("://")
        return rest.rpartition("/")[2] if "/" in rest else ""

    @property
    def suffix(self) -> str:
        """The last suffix of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> "Address":
        """The folder of the address; a bucket is its own. The query of an address of the web belongs to the file."""
        path = self.url.partition("?")[0] if self.protocol in WEB else self.url
        return Address(path.rstrip("/").rpartition("/")[0]) if self.name else self

    def is_relative_to(self, folder: "AnyPath") -> bool:
        """Return whether the address is below that of a folder."""
        return isinstance(folder, Address) and self.url.startswith(f"{folder._plain}/")

    def relative_to(self, folder: "AnyPath") -> PurePosixPath:
        """Return the part of the address behind that of a folder."""
        if not isinstance(folder, Address) or not self.is_relative_to(folder):
            raise ValueError(f"{self} is not below {folder}")
        return PurePosixPath(self.url.removeprefix(f"{folder._plain}/"))

    def exists(self) -> bool:
        """Return whether a file or a folder has the address."""
        with answering(self.url):
            store, key = open_store(self.url)
            return bool(store.exists(key))

    def is_file(self) -> bool:
        """Return whether a file has the address."""
        with answering(self.url):
            store, key = open_store(self.url)
            return bool(store.isfile(key))

    def is_dir(self) -> bool:
        """Return whether something is below the address, and no file has it."""
        if self.is_glob:
            return False
        with answering(self.url):
            store, key = open_store(self.url)
            return bool(store.isdir(key))

    def mkdir(self, *, parents: bool = True, exist_ok: bool = True) -> None:
        """Do nothing. A folder is there when a file is."""

    def open(self, mode: str = "rb", buffering: int = io.DEFAULT_BUFFER_SIZE) -> BinaryIO:
        """Open a file for reading. It is read in pieces of `PIECE` bytes."""
        if mode != "rb":
            raise ValueError(f"mode {mode!r}, expected 'rb'; files.written_whole writes")
        with answering(self.url):
            store, key = open_store(self.url)
            file: Any = store.open(key, "rb", block_size=PIECE)
            if (getattr(file, "details", None) or {}).get("type") == "directory":
                raise IsADirectoryError
        return cast(BinaryIO, io.BufferedReader(Streamed(self.url, file), buffering))

    def read_bytes(self) -> bytes:
        """Return the content of a file."""
        with answering(self.url):
            store, key = open_store(self.url)
            return cast(bytes, store.cat_file(key))

    def upload(self, path: Path) -> None:
        """Write the content of a local file. The store shows all of it, or what was there before."""
        with answering(self.url):
            store, key = open_store(self.url)
            store.put_file(str(path), key)

    def create(self, content: bytes) -> bool:
        """Write a file unless there is one. Return whether this call has written it.

        Of several calls on several machines one returns True, if the store can do that: those of S3 and GCS can.
        """
        try:
            with answering(self.url):
                store, key = open_store(self.url)
                store.pipe_file(key, content, mode="create")
        except StoreError:
            if self.exists():
                return False
            raise
        return True

    def files(self) -> Iterator[tuple["Address", int]]:
        """Yield the files of a glob, or of a folder and its folders, with their sizes in bytes."""
        with answering(self.url):
            store, key = open_store(self.url)
            has_wildcards = self.is_glob and not store.isfile(key)
            found = store.glob(key, detail=True) if has_wildcards else store.find(key, detail=True)
            if found == {key: {}}:  # fsspec says nothing of a file that is asked for by its name
                found = {key: store.info(key)}
        for url, about in zip(urls_of(self.url, store, found), found.values(), strict=True):
            if about["type"] == "file":
                yield Address(url), int(about["size"] or 0)

    @property
    def is_glob(self) -> bool:
        """Whether the address has wildcards. In addresses of the web, "?" begins a query."""
        parts = parts_of(self.url)
        bucket = "" if {"@", ":"} & set(parts.host) else parts.host  # passwords and IPv6 have such characters, too
        return parts.protocol not in WEB and _GLOB.search(f"{bucket}/{parts.path}") is not None


AnyPath = Path | Address
"""Where a file is: on this machine, or in a store."""


def is_address(name: str | AnyPath) -> bool:
    """Return whether a name is that of a file in a store, or begins with file://."""
    return isinstance(name, Address) or (isinstance(name, str) and _ADDRESS.match(name) is not None)


def path_of(name: str | AnyPath) -> AnyPath:
    """Return a name as an address if it is one, and as a path otherwise."""
    if isinstance(name, Address):
        return name
    if not isinstance(name, str) or not is_address(name):
        return Path(name)
    local = _LOCAL.match(name)
    return Path(unquote(name[local.end() :])) if local else Address(name)


def name_of(path: str | AnyPath) -> str:
    """Return how messages name a file: as it was given, without credentials."""
    return str(Address(path)) if isinstance(path, str) and is_address(path) else str(path)
