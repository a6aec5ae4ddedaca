"""What a store or its library raises, as a `StoreError` of one line without credentials.

A library of a store raises errors of its own, which are no `OSError`. They are known by module and name, so that no
such library is imported here: an error of a module that nobody has imported cannot occur.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from windowner.errors import StoreError
from windowner.stores.credentials import has_login, without_credentials, without_login_of

LIBRARY_ERRORS = (
    ("aiohttp", "ClientError"),  # http and https
    ("azure.core.exceptions", "AzureError"),
    ("botocore.exceptions", "BotoCoreError"),  # s3
    ("botocore.exceptions", "ClientError"),
    ("ftplib", "Error"),
    ("gcsfs.retry", "HttpError"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("paramiko.ssh_exception", "SSHException"),  # sftp and ssh
    ("smbprotocol.exceptions", "SMBException"),
)
"""Modules of the libraries of stores, and the errors that they raise."""

LOGGERS = sorted({"adlfs", "asyncio", "fsspec", "s3fs", *(module.partition(".")[0] for module, _ in LIBRARY_ERRORS)})
"""Loggers of these libraries. Before they raise an error, some log its traceback, once per attempt."""

LONGEST = 500
"""Characters of a library's message that are shown. That of hdfs:// without Java has 20,000."""


def leave_errors_to_messages() -> None:
    """Keep what the libraries log off stderr, unless the program configures logging. Their errors are still raised."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            logger.addHandler(logging.NullHandler())


@contextmanager
def answering(url: str) -> Iterator[None]:
    """Turn what the block raises while it talks to the store of an address into a `StoreError`."""
    try:
        yield
    except _errors() as error:
        raise StoreError(f"{without_credentials(url)}: {_reason(error, url)}") from None


def _errors() -> tuple[type[BaseException], ...]:
    """Return the errors that a store can cause."""
    found = (getattr(sys.modules.get(module), name, None) for module, name in LIBRARY_ERRORS)
    known = [kind for kind in found if isinstance(kind, type) and issubclass(kind, BaseException)]
    return OSError, EOFError, ValueError, ImportError, *known


def _reason(error: BaseException, url: str) -> str:
    """Return why a store could not do what it was asked to, on one line."""
    if isinstance(error, IsADirectoryError):
        return "a folder, expected a file"
    if isinstance(error, FileNotFoundError):
        return "no such file or server" if url.startswith("http") else "no such file or bucket"
    said = " ".join(str(error).split()) or type(error).__name__
    if has_login(url) and "Invalid bucket name" in said:
        return "a bucket with a user and a password, expected them where the library of the store looks for them"
    expected = ", expected the right to do this" if isinstance(error, PermissionError) else ""
    shown = without_credentials(without_login_of(url, said))  # before it is cut: half a secret would stay
    return (shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}...") + expected
