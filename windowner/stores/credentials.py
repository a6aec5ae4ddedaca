"""Credentials in addresses. What is shown, logged or written is without them.

ftp://me:word@host/a.txt              shown as ftp://host/a.txt
https://host/a.txt?signature=x        shown as https://host/a.txt
abfs://container@account/a.txt        shown as it is: what stands before the "@" is no user
"""

import re
from urllib.parse import unquote

CONTAINERS = ("abfs", "abfss", "az", "wasb", "wasbs")
"""Protocols whose addresses may begin with `container@account`."""

_SLASHED = r"[^/\s:@\[]+:(?!\d*/)\S*/\S*"  # a password with a slash; host:21/ is a port
_LOGIN = re.compile(rf"([A-Za-z][A-Za-z0-9+.-]*)://([^/\s]*|{_SLASHED})@")
_MISTAKEN = re.compile(rf"[a-z][a-z0-9+.-]*://{_SLASHED}@")
_QUERY = re.compile(r"(https?://[^\s?'\"]*)\?[^\s'\"]*")


def without_credentials(text: str) -> str:
    """Return a text in which addresses have no `user:password@`, and those of the web no query, which may sign them."""
    return _QUERY.sub(r"\1", _LOGIN.sub(_shown, text))


def has_login(url: str) -> bool:
    """Return whether an address holds a user or a password."""
    login = _LOGIN.match(url)
    return login is not None and _shown(login) != login[0]


def without_login_of(url: str, text: str) -> str:
    """Return a text without the user and the password of an address, however a library has written them."""
    login = _LOGIN.match(url)
    if login is None or not has_login(url):
        return text
    user, _, password = login[2].partition(":")
    secrets = {f"{login[2]}@", login[2], password, unquote(password)} - {""}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "")
    return re.sub(rf"(?<!\w){re.escape(user)}(?!\w)", "", text) if user else text  # a user may be a token


def has_slash_in_login(url: str) -> bool:
    """Return whether the password in an address holds a slash, at which every library would cut the address."""
    return _MISTAKEN.match(url) is not None


def _shown(login: re.Match[str]) -> str:
    """Return the beginning of an address as it is shown."""
    protocol, name = login.groups()
    return login[0] if protocol in CONTAINERS and ":" not in name else f"{protocol}://"
