"""A real browser without a window, for pages whose scripts are measured and tested: Chromium, and its driver."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
MISSING = "no browser here: apt-get install chromium chromium-driver"


def has_browser() -> bool:
    """Return whether a browser and its driver are installed."""
    return any(map(shutil.which, BROWSERS)) and shutil.which("chromedriver") is not None


def open_browser(profile: Path) -> "Chrome":
    """Return a browser that logs its console and its requests. The caller quits it.

    Parameters
    ----------
    profile
        Folder in which the browser keeps its own files.

    Raises
    ------
    click.ClickException
        There is no browser.
    """
    from selenium import webdriver

    binary = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        raise click.ClickException(MISSING)
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
