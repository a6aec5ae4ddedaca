"""What goes wrong with a store is one line that says where and why, without credentials."""

import json
import subprocess
import sys

import pytest
from object_store import SECRET
from synthetic import error_of

from windowner.errors import StoreError
from windowner.files import write_whole
from windowner.formats.opening import open_input
from windowner.stores.address import Address
from windowner.stores.credentials import without_credentials
from windowner.stores.failures import LOGGERS, LONGEST, answering


def message_of(call) -> str:
    with pytest.raises(StoreError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message
    assert SECRET not in message
    return message


def test_no_bucket(bucket):
    address = Address("s3://no-such-bucket/a.txt")
    for call in (address.open, address.read_bytes, lambda: write_whole(address, b"x"), lambda: list(address.files())):
        assert message_of(call) == "s3://no-such-bucket/a.txt: no such file or bucket"


def test_no_file_and_a_folder(bucket, tmp_path):
    bucket.put("texts/a.txt", b"x")
    assert message_of(lambda: open_input(bucket["b.txt"])).endswith("/b.txt: no such file or bucket")
    assert message_of(lambda: open_input(bucket["texts"])).endswith("/texts: a folder, expected a file")
    assert error_of("convert", bucket["no.conll"], tmp_path / "a.jsonl").endswith("no.conll: no such file or bucket")


def test_no_permission(bucket):
    bucket.put("a.txt", b"x")
    where = f"arn:aws:s3:::{bucket.name}/*"
    deny = {"Effect": "Deny", "Principal": "*", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": where}
    bucket.client.put_bucket_policy(
        Bucket=bucket.name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    )
    for call in (Address(bucket["a.txt"]).read_bytes, lambda: write_whole(Address(bucket["a.txt"]), b"y")):
        message = message_of(call)
        assert message.startswith(f"{bucket['a.txt']}: ")
        assert message.endswith(", expected the right to do this")


def test_no_network(bucket, monkeypatch):
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    s3fs.S3FileSystem.clear_instance_cache()
    message = message_of(Address("s3://bucket/a.txt").open)
    assert message.startswith('s3://bucket/a.txt: Could not connect to the endpoint URL: "http://127.0.0.1:1/')


def test_no_credentials(bucket, monkeypatch, tmp_path):
    import s3fs

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    s3fs.S3FileSystem.clear_instance_cache()
    assert message_of(lambda: write_whole(Address(bucket["a"]), b"x")).endswith("Unable to locate credentials")


def test_a_missing_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    expected = 's3://bucket/a: addresses need the remote extra: pip install "windowner[remote]"'
    assert message_of(Address("s3://bucket/a").open) == expected


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("xyz://bucket/a", "xyz://bucket/a: Protocol not known: xyz"),
        ("memory://nothing/a", "memory://nothing/a: no such file or bucket"),
    ],
)
def test_other_stores(url, message):
    pytest.importorskip("fsspec")
    assert message_of(Address(url).open) == message


def test_a_user_and_a_password_are_not_shown(bucket):
    address = Address(f"s3://me:{SECRET}@bucket/a.txt")
    assert message_of(address.open) == (
        "s3://bucket/a.txt: a bucket with a user and a password, "
        "expected them where the library of the store looks for them"
    )


@pytest.mark.parametrize("text", [f"me:{SECRET}@host refuses", f"no ftp://me:{SECRET}@host/", f"bad '{SECRET}'"])
def test_the_reason_of_a_store_is_shown_without_credentials(text):
    def refuse():
        with answering(f"ftp://me:{SECRET}@host/a.txt"):
            raise OSError(text)

    assert message_of(refuse).startswith("ftp://host/a.txt: ")


def test_signatures_are_not_shown():
    text = f"404 of 'https://host/a.txt?X-Amz-Signature={SECRET}' found"
    assert without_credentials(text) == "404 of 'https://host/a.txt' found"


def test_a_long_reason_is_cut_behind_its_secrets():
    def refuse():
        with answering(f"ftp://me:{SECRET}@host/a.txt"):
            raise OSError("x" * (LONGEST - 5) + SECRET + "y" * LONGEST)

    assert message_of(refuse) == f"ftp://host/a.txt: {'x' * (LONGEST - 5)}{'y' * 5}..."


LOGS = """
import logging, sys
from windowner.errors import StoreError
from windowner.stores.address import Address
if sys.argv[2:]:
    logging.basicConfig(format="configured %(message)s")
try:
    Address("memory://nothing/a").open()
except StoreError:
    logging.getLogger(sys.argv[1]).error("a traceback")
"""


@pytest.mark.parametrize("library", LOGGERS)
def test_what_a_library_logs_is_not_on_stderr_unless_logging_is_configured(library):
    pytest.importorskip("fsspec")
    for arguments, expected in (([], ""), (["configured"], "configured a traceback\n")):
        command = [sys.executable, "-c", LOGS, f"{library}.part", *arguments]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == expected
