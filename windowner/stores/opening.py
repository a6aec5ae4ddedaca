"""What fsspec makes of an address: the store, and the name of the file in it.

    address                           base                        path           name in the store
    s3://bucket/texts/a.txt           s3://bucket                 texts/a.txt    bucket/texts/a.txt
    ftp://me@host/texts/a.txt         ftp://me@host               texts/a.txt    /texts/a.txt
    abfs://box@account/texts/a.txt    abfs://box@account          texts/a.txt    box/texts/a.txt
    https://host/texts/a.txt          the address is the name

The library of a store says what stands before the names of a base. It does not read the path, in which "?", "#" and
"::" are characters of a name. A name that the store lists gets the base again, with the user, account or container.
"""

import re
from collections.abc import Iterable, Iterator
from inspect import signature
from typing import Any, NamedTuple, cast

from windowner.errors import StoreError
from windowner.stores.credentials import has_slash_in_login, without_credentials
from windowner.stores.failures import leave_errors_to_messages

WEB = ("http", "https")

OPTIONS: dict[str, dict[str, Any]] = {"s3": {"max_concurrency": 2}, "s3a": {"max_concurrency": 2}}
"""Options of stores. s3fs holds this many pieces of a large file in memory while it writes it, of 50 MB each."""

_PARTS = re.compile(r"([^:]+)://([^/]*)/?(.*)", re.DOTALL)
_CHAIN = re.compile(r"::[a-z][a-z0-9+.-]*://")  # zip://a.txt::s3://bucket/texts.zip
_ANY = "x"


class Parts(NamedTuple):
    """The parts of an address: its protocol, the bucket or server, and the path in it."""

    protocol: str
    host: str
    path: str

    @property
    def base(self) -> str:
        """The address without its path."""
        return f"{self.protocol}://{self.host}"


def parts_of(url: str) -> Parts:
    """Return the parts of an address."""
    found = _PARTS.match(url)
    if found is None:
        raise ValueError(f"{url!r} is no address, expected protocol://...")
    return Parts(*found.groups())


def open_store(url: str) -> tuple[Any, str]:
    """Return the store of an address, and the name of the file in it.

    Raises
    ------
    StoreError
        fsspec is not installed, or the address lacks what the store needs.
    ValueError, ImportError
        fsspec does not know the protocol, or the library of the store is not installed.
    """
    shown = without_credentials(url)
    try:
        from fsspec.config import apply_config
        from fsspec.core import get_filesystem_class, url_to_fs
    except ImportError:
        raise StoreError(f'{shown}: addresses need the remote extra: pip install "windowner[remote]"') from None
    if has_slash_in_login(url):
        raise StoreError(
            f'{shown}: a password with "/", expected the password in a variable or file that the store reads'
        )
    leave_errors_to_messages()
    parts = parts_of(url)
    # What fsspec keeps of listings would hide what other machines write.
    options = {"use_listings_cache": False, **OPTIONS.get(parts.protocol, {})}
    if _is_name(url):
        return cast(tuple[Any, str], url_to_fs(url, **options))
    kind = get_filesystem_class(parts.protocol)
    described = url if parts.protocol in OPTIONS else f"{parts.base}/"  # S3 reads ?versionId=
    arguments = apply_config(kind, {**kind._get_kwargs_from_urls(described), **options})
    try:
        signature(kind.__init__).bind(None, **arguments)  # a store that is half made complains when it is removed
    except TypeError as error:
        raise StoreError(f"{shown}: the address lacks what the store needs: {error}") from None
    store = kind(**arguments)
    root = _root(store, parts)
    return store, (root + parts.path).rstrip("/") or root


def urls_of(url: str, store: Any, names: Iterable[str]) -> Iterator[str]:
    """Yield the addresses of names that the store of an address has listed."""
    parts = parts_of(url)
    root = "\0" if _is_name(url) else _root(store, parts).lstrip("/")  # no name begins with NUL
    for name in names:
        plain = name.lstrip("/")
        if plain.startswith(root):
            yield f"{parts.base}/{plain.removeprefix(root)}"
        else:  # the web, a chain, or a bucket with wildcards
            yield name if "://" in name else f"{parts.protocol}://{plain}"


def _is_name(url: str) -> bool:
    """Return whether a store takes the whole address for the name."""
    return parts_of(url).protocol in WEB or _CHAIN.search(url) is not None


def _root(store: Any, parts: Parts) -> str:
    """Return what stands before the names of a bucket or server in its store."""
    return cast(str, store._strip_protocol(f"{parts.base}/{_ANY}")).removesuffix(_ANY)
