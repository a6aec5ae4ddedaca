"""Names in stores: what is read has the path of the address, and what is listed has its user, account or container."""

import pytest
from registered_stores import LOGIN, SECRETS

from windowner.errors import StoreError
from windowner.files import write_whole
from windowner.stores.address import Address
from windowner.stores.opening import parts_of
from windowner.stores.paths import files_of

HOSTED, BOXES = f"hosted://{LOGIN}@host", "abfs://box@account"


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_parts():
    assert parts_of("s3://bucket/deep//a.txt") == ("s3", "bucket", "deep//a.txt")
    assert parts_of("s3://bucket").base == parts_of("s3://bucket/").base == "s3://bucket"
    assert parts_of("memory://") == ("memory", "", "")
    with pytest.raises(ValueError, match="'a/b' is no address"):
        parts_of("a/b")


@pytest.mark.parametrize("base", [HOSTED, BOXES])
def test_what_is_listed_can_be_opened(registered, base):
    """A listing of a folder, a glob and one file: each address begins as the one that was asked for."""
    names = ["texts/a.txt", "texts/deep/b #1.txt", "texts/c::d.txt"]
    put(registered.hosted, *names)
    put(registered.boxes / "box", *names)
    found = [path for path, _ in files_of(f"{base}/texts")]
    assert sorted(path.url for path in found) == sorted(f"{base}/{name}" for name in names)
    assert {path.read_bytes().decode() for path in found} == set(names)
    assert [path.relative_to(Address(f"{base}/texts")).as_posix() for path in found if "b" in path.name] == [
        "deep/b #1.txt"
    ]
    assert [path.url for path, _ in files_of(f"{base}/texts/?.txt")] == [f"{base}/texts/a.txt"]
    assert [(path.url, size) for path, size in files_of(f"{base}/texts/a.txt")] == [(f"{base}/texts/a.txt", 11)]


def test_what_is_written_is_where_it_belongs(registered):
    write_whole(Address(f"{HOSTED}/out/a?.txt"), b"one")
    write_whole(Address(f"{BOXES}/out/a.txt"), b"two")
    assert (registered.hosted / "out" / "a?.txt").read_bytes() == b"one"
    assert (registered.boxes / "box" / "out" / "a.txt").read_bytes() == b"two"
    assert registered.opened[0] == {"host": "host", "username": "tom", "password": "pass%2Fword-xyz"}
    assert registered.opened[-1] == {"account_name": "account"}


def test_messages_hold_no_login(registered):
    for call in (Address(f"{HOSTED}/none.txt").open, Address(f"{HOSTED}/none.txt").read_bytes):
        with pytest.raises(StoreError) as caught:
            call()
        assert str(caught.value) == "hosted://host/none.txt: no such file or bucket"
    assert not any(secret in repr(Address(f"{HOSTED}/a")) for secret in SECRETS)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "hosted://tom:pass/word@host/a",
            'hosted://host/a: a password with "/", expected the password in a variable or file that the store reads',
        ),
        ("ftp:///a.txt", "ftp:///a.txt: the address lacks what the store needs: .*'host'"),
        ("hosted://tom:1%2F2@host:port/a", "hosted://host:port/a: Port could not be cast .*"),
    ],
)
def test_addresses_that_are_none(registered, url, message):
    with pytest.raises(StoreError, match=f"^{message}$"):
        Address(url).exists()


def test_credentials_of_fsspec_are_used(registered, monkeypatch):
    """As FSSPEC_HOSTED_PASSWORD and FSSPEC_HOSTED_HOST set them."""
    from fsspec.config import conf

    monkeypatch.setitem(conf, "hosted", {"host": "other", "password": "a/b"})
    put(registered.hosted, "texts/a.txt")
    assert Address("hosted://tom@host/texts/a.txt").is_file()
    assert Address("hosted:///texts/a.txt").is_file()
    assert registered.opened == [
        {"host": "host", "username": "tom", "password": "a/b"},
        {"host": "other", "username": "", "password": "a/b"},
    ]


def test_wildcards_of_logins_and_hosts_are_none():
    assert not Address("ftp://me:p*ss@host/a").is_glob
    assert not Address("ftp://[::1]/a").is_glob
    assert Address("s3://bucket*/a").is_glob
    assert Address("ftp://me:p*ss@host/?").is_glob


def test_local_implementations(tmp_path):
    """memory:// has no buckets: the first part of a path is a folder like any other."""
    pytest.importorskip("fsspec")
    write_whole(Address("memory://opening/a.txt"), b"one")
    assert [path.url for path, _ in files_of("memory://opening")] == ["memory://opening/a.txt"]
    assert [path.url for path, _ in files_of("memory://opening/*.txt")] == ["memory://opening/a.txt"]
    assert Address("memory://opening").is_dir()
    with (tmp_path / "a.zip").open("wb") as file:
        import zipfile

        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("a.txt", "two")
    assert Address(f"zip://a.txt::file://{tmp_path}/a.zip").read_bytes() == b"two"
