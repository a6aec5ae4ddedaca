"""An S3 server of this machine for the tests, moto, which runs as a process of its own and ends with the tests.

It lists two objects per page, so that every listing of the tests has several pages.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest

SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
PER_PAGE = 2
SECRET = "not-to-be-shown"


class Bucket:
    """A new bucket, and the variables with which a process finds its server."""

    def __init__(self, port: int) -> None:
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        import boto3

        session = boto3.Session("tests", SECRET, region_name="us-east-1")
        self.client = session.client("s3", endpoint_url=self.environment["AWS_ENDPOINT_URL"])
        self.name = f"bucket-{uuid4().hex}"
        self.client.create_bucket(Bucket=self.name)

    def __getitem__(self, key: str) -> str:
        return f"s3://{self.name}/{key}"

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=key)

    def get(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def files(self, prefix: str) -> dict[str, bytes]:
        """Names behind a prefix, and their content."""
        return {key.removeprefix(prefix): self.get(key) for key in self.keys(prefix)}


@pytest.fixture(scope="session", name="store_port")
def store_port_fixture() -> Iterator[int]:
    for needed in ("moto.server", "s3fs", "boto3"):
        pytest.importorskip(needed)
    environment = os.environ | {"MOTO_S3_DEFAULT_MAX_KEYS": str(PER_PAGE)}
    command = [sys.executable, "-c", SERVER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield int(server.stdout.readline().split()[-1])
        server.stdin.close()
        server.kill()


@pytest.fixture(name="bucket")
def bucket_fixture(store_port, monkeypatch) -> Bucket:
    """A bucket that this process, and those that it starts, find."""
    import s3fs

    bucket = Bucket(store_port)
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()  # of another test, with another environment
    return bucket
