"""A fine-tuned run, and a real browser; a page is judged by what the browser says of it."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from synthetic import train_tiny, write_tiny, write_vectors

from windowner.config import load_config
from windowner.report.runs import read_run
from windowner.run import train

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The made-up corpus and a run on it, without vectors."""
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def tiny_vectors(tmp_path_factory):
    """Word vectors of the made-up corpus, by word."""
    return write_vectors(tmp_path_factory.mktemp("vectors") / "vectors.txt")


@pytest.fixture(scope="session")
def fine_tuned_run(tmp_path_factory):
    """A run on the made-up corpus that fine-tuned its vectors."""
    config = write_tiny(tmp_path_factory.mktemp("fine-tuned"))
    source = f'vectors.source="{config.parent / "vectors.txt"}"'
    folder = config.parent / "run"
    train(load_config(config, [source, "vectors.mode=fine-tuned"]), folder)
    return read_run(folder)


@dataclass(frozen=True)
class Browser:
    """A browser without a window."""

    driver: Any

    def open(self, page: Path) -> None:
        """Open a page from disk; what was logged before is forgotten."""
        self.driver.get("about:blank")
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(page.absolute().as_uri())

    def console(self) -> list[str]:
        """Return what the page has said on the console, errors and warnings of the browser's own included."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for, the page's own included."""
        events = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]

    def ask(self, script: str, *args: Any) -> Any:
        """Return what a script returns."""
        return self.driver.execute_script(script, *args)

    def see(self, width: int, scheme: str) -> None:
        """Take on a width and a colour scheme."""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A real browser; where there is none, tests are skipped, but in CI they fail."""
    webdriver = pytest.importorskip("selenium.webdriver")
    binary = next(filter(None, map(shutil.which, BROWSERS)), None)
    chromedriver = shutil.which("chromedriver")
    if binary is None or chromedriver is None:
        reason = "no browser here: apt-get install chromium chromium-driver"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for option in (*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    yield Browser(driver)
    driver.quit()
