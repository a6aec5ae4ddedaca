"""Addresses behave as paths: their parts, and the files of a store that they name."""

import pickle
import tracemalloc
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import pytest
from object_store import PER_PAGE

from windowner.errors import StoreError
from windowner.files import write_new, write_whole
from windowner.locks import locked
from windowner.stores.address import Address, name_of, path_of
from windowner.stores.paths import are_same, existing, files_of, relative_to
from windowner.whole_folders import folder_written_whole


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/b.txt", Path("a/b.txt")),
        ("c://b.txt", Path("c:/b.txt")),  # a drive
        ("file:///a%20b/c.txt", Path("/a b/c.txt")),
        ("file://localhost/a", Path("/a")),
        ("file://localhosts/a", Path("localhosts/a")),
        ("s3://bucket/a//b.txt", Address("s3://bucket/a//b.txt")),
        (Path("a"), Path("a")),
    ],
)
def test_a_name_is_a_path_or_an_address(name, path):
    assert path_of(name) == path
    assert type(path_of(name)) is type(path)


def test_parts():
    address = Address("s3://bucket/deep/a.txt.gz")
    assert (address.protocol, address.name, address.suffix) == ("s3", "a.txt.gz", ".gz")
    assert address.parent == Address("s3://bucket/deep/") == Address("s3://bucket") / "deep"
    assert Address("s3://bucket").parent == Address("s3://bucket")
    assert Address("s3://bucket/x") / PurePosixPath("y/z.txt") == Address("s3://bucket/x/y/z.txt")
    assert address.relative_to(Address("s3://bucket")) == PurePosixPath("deep/a.txt.gz")
    assert not address.is_relative_to(Address("s3://bucket/de"))
    assert Address("https://host/a.txt?signature=x").name == "a.txt"
    assert Address("https://host/a.txt?path=x/y").parent == Address("https://host")
    assert len({address, Address(address.url), pickle.loads(pickle.dumps(address))}) == 1


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ftp://me:pass@host/a.txt", "ftp://host/a.txt"),
        ("https://host/a.txt?X-Amz-Signature=abc", "https://host/a.txt"),
        ("s3://bucket/who@home?.txt", "s3://bucket/who@home?.txt"),
    ],
)
def test_credentials_are_not_shown(url, shown):
    assert (str(Address(url)), name_of(url), f"{Address(url)!r}") == (shown, shown, f"Address({shown!r})")


def test_a_file_of_a_store(bucket):
    address = Address(bucket["deep/a.txt"])
    assert not address.exists()
    write_whole(address, b"one")
    write_whole(address, b"two")
    assert bucket.files("") == {"deep/a.txt": b"two"}
    assert (address.exists(), address.is_file(), address.is_dir()) == (True, True, False)
    assert (address.parent.is_dir(), address.parent.is_file()) == (True, False)
    assert address.read_bytes() == b"two"
    with address.open() as stream:
        assert (stream.peek(1)[:3], stream.seek(1), stream.read()) == (b"two", 1, b"wo")


def test_a_failure_leaves_the_old_file(bucket):
    bucket.put("a", b"old")
    with pytest.raises(KeyError):
        write_and_fail(Address(bucket["a"]))
    assert bucket.files("") == {"a": b"old"}


def write_and_fail(address):
    from windowner.files import written_whole

    with written_whole(address) as unfinished:
        unfinished.write_bytes(b"half")
        raise KeyError


def test_one_command_creates_a_file(bucket):
    address = Address(bucket["record"])
    assert [write_new(address, content) for content in (b"one", b"two")] == [True, False]
    assert address.read_bytes() == b"one"


def test_listings_of_several_pages(bucket):
    names = [f"texts/{number}.txt" for number in range(2 * PER_PAGE + 1)] + [
        "texts/deep/a.txt",
        "texts-of-others/b.txt",
    ]
    for name in names:
        bucket.put(name, name.encode())
    folder = Address(bucket["texts/"])
    found = dict(files_of(folder))
    assert found == {Address(bucket[name]): len(name) for name in names[:-1]}
    assert {path for path, _ in files_of(bucket["*/?.txt"])} == {
        Address(bucket[name]) for name in names[:-2] + names[-1:]
    }
    assert existing(folder, [folder / "1.txt", folder / "9.txt"]) == {folder / "1.txt"}
    assert dict(files_of(Address(bucket["nothing"]))) == {}


def test_a_file_whose_name_has_wildcards(bucket):
    for name in ("a [1].txt", "a 1.txt"):
        bucket.put(name, name.encode())
    assert [path for path, _ in files_of(bucket["a [1].txt"])] == [Address(bucket["a [1].txt"])]
    assert [path for path, _ in files_of(bucket["a [0-9].txt"])] == [Address(bucket["a 1.txt"])]


def test_a_large_file_is_streamed(bucket):
    size = 40_000_000
    bucket.put("large", bytes(size))
    with Address(bucket["large"]).open() as stream:
        tracemalloc.start()
        read = sum(len(block) for block in iter(lambda: stream.read(1 << 20), b""))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert read == size
    assert peak < size / 2


def test_what_stores_lack(tmp_path):
    with pytest.raises(StoreError, match=r"s3://bucket/a: a store cannot write a folder whole"):
        with folder_written_whole(Address("s3://bucket/a")):
            pass
    with locked(Address("s3://bucket/.lock")) as one, locked(Address("s3://bucket/.lock")) as other:
        assert one.is_there
        assert other.is_there
    assert not are_same(Address("s3://bucket/a"), tmp_path)
    with pytest.raises(ValueError, match="mode 'w', expected 'rb'"):
        Address("s3://bucket/a").open("w")


def test_addresses_have_an_order():
    """So that files of a store are read in one order."""
    names = ("s3://b/c", "s3://b/a", "s3://a/x")
    assert sorted(map(Address, names)) == list(map(Address, ("s3://a/x", "s3://b/a", "s3://b/c")))


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        (Address("s3://bucket/a"), Address("s3://other")),
        (Address("s3://bucket/a"), Path("bucket")),
        (Path("a/b"), Address("s3://bucket")),
    ],
)
def test_what_is_not_below_a_folder(path, folder):
    with pytest.raises(ValueError, match=f"^{path} is not below {folder}$"):
        relative_to(path, folder)


def test_a_store_that_does_not_write_has_no_file(bucket):
    with pytest.raises(StoreError, match="no such file or bucket"):
        Address("s3://no-such-bucket/a.txt").create(b"mine")


def test_a_name_that_is_too_long_is_not_there(tmp_path):
    (tmp_path / "a").touch()
    assert existing(tmp_path, [tmp_path / "a", tmp_path / ("b" * 300)]) == {tmp_path / "a"}


def test_a_file_of_which_a_listing_says_nothing(monkeypatch):
    """fsspec lists a file of the web by its name alone."""
    found = {"isfile": lambda key: True, "find": lambda key, detail: {key: {}}}
    store = SimpleNamespace(**found, info=lambda key: {"type": "file", "size": 3})
    monkeypatch.setattr("windowner.stores.address.open_store", lambda url: (store, url))
    assert list(Address("https://host/a.txt").files()) == [(Address("https://host/a.txt"), 3)]
