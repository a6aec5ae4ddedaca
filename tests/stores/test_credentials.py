"""What is shown of addresses: all but logins and signatures."""

import pytest

from windowner.stores.credentials import has_login, has_slash_in_login, without_credentials, without_login_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ftp://me:pass@host/a.txt", "ftp://host/a.txt"),
        ("https://token@host/a.txt", "https://host/a.txt"),
        ("ftp://me:it's@host/a", "ftp://host/a"),
        ("ftp://me:pa/ss@host/a", "ftp://host/a"),
        ("no ftp://me:pa/ss@host/ and s3://bucket/a", "no ftp://host/ and s3://bucket/a"),
        ("ftp://host:21/who@home.txt", "ftp://host:21/who@home.txt"),
        ("ftp://[::1]:21/who@home.txt", "ftp://[::1]:21/who@home.txt"),
        ("s3://bucket/who@home?.txt", "s3://bucket/who@home?.txt"),
        ("abfs://box@account.dfs.core.windows.net/a", "abfs://box@account.dfs.core.windows.net/a"),
        ("abfs://box:key@account/a", "abfs://account/a"),
        ("hdfs+x://me:pass@host/a", "hdfs+x://host/a"),
        ("404 of 'https://host/a.txt?signature=x' found", "404 of 'https://host/a.txt' found"),
        ("two words @ home", "two words @ home"),
    ],
)
def test_what_is_shown(text, shown):
    assert without_credentials(text) == shown


def test_a_library_may_write_a_login_in_any_way():
    url = "ftp://me:p%40ss@host/a"
    for text in ("p%40ss refused", "p@ss refused", "me:p%40ss@ refused", "user me: refused"):
        left = without_login_of(url, text)
        assert not {"p%40ss", "p@ss", "me"} & set(left.replace(":", " ").split())
        assert "refused" in left
    assert without_login_of(url, "no such name") == "no such name"  # which holds the user
    assert without_login_of("abfs://box@account/a", "box box@account") == "box box@account"


def test_logins():
    assert [has_login(url) for url in ("ftp://me@host/a", "abfs://box@account/a", "s3://bucket/a@b")] == [
        *(True, False, False)
    ]
    assert has_slash_in_login("ftp://me:pa/ss@host/a")
    assert not has_slash_in_login("ftp://host:21/who@home")
