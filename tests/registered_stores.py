"""Two stores that the tests register with fsspec: files of a local folder, whose names are cut as real stores cut them.

hosted://user:password@host/texts/a.txt     named /texts/a.txt, as ftp, sftp, ssh, hdfs and smb name files
abfs://box@account/texts/a.txt              named box/texts/a.txt, as adlfs names blobs
"""

from pathlib import Path

import pytest

LOGIN = "tom:pass%2Fword-xyz"
SECRETS = ("tom", "pass%2Fword-xyz", "pass/word-xyz")


class RegisteredStores:
    """The folders of both stores, and the arguments with which they were opened."""

    def __init__(self, folder: Path) -> None:
        self.hosted, self.boxes = folder / "hosted", folder / "boxes"
        self.opened: list[dict[str, object]] = []


@pytest.fixture(name="registered")
def registered_fixture(tmp_path, monkeypatch) -> RegisteredStores:
    pytest.importorskip("fsspec")
    from fsspec.implementations.dirfs import DirFileSystem
    from fsspec.implementations.local import LocalFileSystem
    from fsspec.registry import _registry
    from fsspec.utils import infer_storage_options

    stores = RegisteredStores(tmp_path / "stores")

    class Hosted(DirFileSystem):
        protocol = "hosted"
        cachable = False

        def __init__(self, host, port=21, username="", password="", **options):
            assert options == {"use_listings_cache": False}  # sftp passes others to a login, which refuses them
            stores.opened.append({"host": host, "username": username, "password": password})
            super().__init__(str(stores.hosted), LocalFileSystem(auto_mkdir=True))

        @classmethod
        def _strip_protocol(cls, path):
            return infer_storage_options(path)["path"]

        @staticmethod
        def _get_kwargs_from_urls(path):
            found = infer_storage_options(path)
            return {key: value for key, value in found.items() if key not in ("path", "protocol")}

    class Boxes(DirFileSystem):
        protocol = "abfs"
        cachable = False

        def __init__(self, account_name, **options):
            stores.opened.append({"account_name": account_name})
            super().__init__(str(stores.boxes), LocalFileSystem(auto_mkdir=True))

        @classmethod
        def _strip_protocol(cls, path):
            found = infer_storage_options(path if "://" in path else f"abfs://{path.lstrip('/')}")
            query = f"?{found['url_query']}" if "url_query" in found else ""
            return (found.get("username") or found.get("host", "")) + found["path"] + query

        @staticmethod
        def _get_kwargs_from_urls(path):
            return {"account_name": infer_storage_options(path)["host"]}

    for protocol, kind in (("hosted", Hosted), ("abfs", Boxes)):
        monkeypatch.setitem(_registry, protocol, kind)
    return stores
