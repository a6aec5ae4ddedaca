"""A real browser; a page is judged by what the browser says of it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from studies.browser import MISSING, has_browser, open_browser

LEAST_CONTRAST = 4.5  # of text, WCAG 2.2 AA
# Each element with text: the contrast of its colour with its ground, and its beginning.
CONTRAST = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = (color) => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const ground = (element) => {
  let colors = [];
  for (let e = element; e; e = e.parentElement) colors.push(rgba(getComputedStyle(e).backgroundColor));
  const over = (under, c) => [0, 1, 2].map((i) => under[i] + (c[i] - under[i]) * c[3] / 255);
  return colors.reverse().reduce(over, [255, 255, 255]);
};
const luminance = (c) => {
  const [r, g, b] = c.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
return [...document.querySelectorAll('.page *')].filter((e) => e.checkVisibility() &&
    [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => {
  const inSvg = e.namespaceURI.endsWith('svg');
  const fore = rgba(inSvg ? getComputedStyle(e).fill : getComputedStyle(e).color);
  const [a, b] = [luminance(fore), luminance(ground(inSvg ? e.closest('figure') : e))].sort((x, y) => y - x);
  return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 120)];
});
"""


@dataclass(frozen=True)
class Browser:
    """A browser without a window."""

    driver: Any

    def open(self, page: Path) -> None:
        """Open a page from disk; what was logged before is forgotten."""
        self.visit(page.absolute().as_uri())

    def visit(self, address: str) -> None:
        """Open the page of an address; what was logged before is forgotten."""
        self.driver.get("about:blank")
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(address)

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

    def sticks_out(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return self.ask("const page = document.documentElement; return page.scrollWidth - page.clientWidth")

    def faint(self, least: int = 100) -> list[str]:
        """Return elements whose text does not stand out from its ground; more than `least` are looked at."""
        ratios = self.ask(CONTRAST)
        assert len(ratios) > least
        return [element for ratio, element in ratios if ratio < LEAST_CONTRAST]


def require_browser() -> None:
    """Skip a test where there is no browser; in CI it fails."""
    pytest.importorskip("selenium.webdriver")
    if not has_browser():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)


@pytest.fixture(name="browser", scope="session")
def browser_fixture(tmp_path_factory):
    """A real browser."""
    require_browser()
    driver = open_browser(tmp_path_factory.mktemp("browser"))
    yield Browser(driver)
    driver.quit()
