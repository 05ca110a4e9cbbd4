"""Checks of the page that a browser shows: pictures, width, and accessibility by axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

from runtime.datadir import PROJECT_ROOT
from tests.world.visitor import Visitor

PICTURES = PROJECT_ROOT / "test-results"
WIDTHS = (1280, 390)

# Loads what is loaded lazily, too, and returns the addresses of images that cannot be shown.
BROKEN_IMAGES = """async () => {
    scrollTo(0, 0);
    const images = [...document.images];
    for (const image of images) image.loading = "eager";
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    return images.filter((image) => !image.naturalWidth).map((image) => image.currentSrc || image.src);
}"""
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
AXE_ONCE = f"if (!window.axe) {{ {AXE} }}"
END_MOTION = "for (const each of document.getAnimations()) try { each.finish() } catch {}"
RUN_AXE = """axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations.flatMap(
    ({id, nodes}) => nodes.map(({html, failureSummary}) => `${id}: ${html.slice(0, 160)} ${failureSummary}`)))"""


def faults_of_page(visitor: Visitor, name: str) -> Iterator[str]:
    """Yield what is wrong with the open page on each screen; KASUWA_E2E_PICTURES asks for pictures of it."""
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        for image in visitor.page.evaluate(BROKEN_IMAGES):
            yield f"{name} at {width}: {image}"
        if os.environ.get("KASUWA_E2E_PICTURES"):
            PICTURES.mkdir(exist_ok=True)
            visitor.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True, animations="disabled")
        if visitor.is_wider_than_the_screen():
            yield f"{name} at {width} must be scrolled sideways"
        for violation in accessibility_violations(visitor.page):
            yield f"{name} at {width}: {violation}"


def accessibility_violations(page: Page) -> list[str]:
    """Run axe in a page; by the debugger, since the page's own policy forbids code that is handed in.

    Without motion: a notice that fades away while axe looks has no contrast for a moment.
    """
    page.emulate_media(reduced_motion="reduce")
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE_ONCE})
    session.send("Runtime.evaluate", {"expression": END_MOTION})
    answer = session.send("Runtime.evaluate", {"expression": RUN_AXE, "awaitPromise": True, "returnByValue": True})
    session.detach()
    page.emulate_media(reduced_motion="no-preference")
    found: list[Any] = answer["result"]["value"]
    return [str(each) for each in found]
