"""Checks of the page that a browser shows: pictures, width, and accessibility by axe."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from playwright.sync_api import CDPSession, Page

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
END_MOTION = "for (const each of document.getAnimations()) try { each.finish() } catch {}"
# The looks of texts: all that decides on contrast, up to the ground that covers what is beneath; empty where what is
# beneath is not what is around them, as in something placed over the page. A text of one pixel is for screen readers.
LOOKS = """(() => {
    const known = new Map([[null, {fades: [], grounds: [], isSeen: true}]]);
    const around = (element) => {
        if (known.has(element)) return known.get(element);
        const style = getComputedStyle(element), beyond = around(element.parentElement);
        const {backgroundColor, backgroundImage, opacity, filter, mixBlendMode, transform} = style;
        const fade = [opacity, filter, mixBlendMode, transform].join(" ");
        const isPlaced = ["absolute", "fixed"].includes(style.position);
        const hasColor = backgroundColor !== "rgba(0, 0, 0, 0)", hasPicture = backgroundImage !== "none";
        const isCovering = hasColor && !/rgba|\\/|transparent/.test(backgroundColor);
        let grounds = isPlaced ? null : beyond.grounds;
        if (isCovering) grounds = [];
        if (grounds && (hasColor || hasPicture)) grounds = [...grounds, `${backgroundColor} ${backgroundImage}`];
        const {width, height} = element.getBoundingClientRect();
        known.set(element, {
            grounds,
            fades: fade === "1 none normal none" ? beyond.fades : [...beyond.fades, fade],
            isSeen: beyond.isSeen && !(isPlaced && style.overflow !== "visible" && width <= 1 && height <= 1),
        });
        return known.get(element);
    };
    window.looksOfTexts = new Map();
    for (const element of document.body.querySelectorAll("*")) {
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!hasText && !element.matches("input, select, textarea")) continue;
        const {fades, grounds, isSeen} = around(element);
        if (!isSeen || !element.checkVisibility({visibilityProperty: true})) continue;
        const {color, fontSize, fontWeight, textShadow, webkitTextStrokeColor} = getComputedStyle(element);
        const own = [color, fontSize, fontWeight, textShadow, webkitTextStrokeColor].join(" ");
        looksOfTexts.set(element, grounds ? [own, ...fades, ...grounds].join(", ") : "");
    }
    return [...new Set(looksOfTexts.values())];
})()"""
RUN_AXE = """(async (looks) => {
    const told = ({violations}) => violations.flatMap(({id, nodes}) =>
        nodes.map(({html, failureSummary}) => `${id}: ${html.slice(0, 160)} ${failureSummary}`));
    const looksOf = (results) =>
        results.flatMap(({nodes}) => nodes.map(({element}) => looksOfTexts.get(element) || ""));
    const found = await axe.run(document, {resultTypes: ["violations"], rules: {"color-contrast": {enabled: false}}});
    const texts = [...looksOfTexts].filter(([_, look]) => looks.includes(look)).map(([element]) => element);
    if (!texts.length) return {violations: told(found), settled: []};
    const contrast = await axe.run(
        texts, {runOnly: ["color-contrast"], resultTypes: ["violations", "passes", "incomplete"], elementRef: true});
    const onPictures = looksOf(contrast.incomplete).filter((look) => /url|gradient/.test(look)); // axe never can tell
    const settled = new Set([...looksOf(contrast.passes), ...onPictures]);
    settled.delete("");
    return {violations: [...told(found), ...told(contrast)], settled: [...settled]};
})"""
_settled: set[str] = set()  # looks whose contrast axe has measured, and found enough


def faults_of_page(visitor: Visitor, name: str) -> Iterator[str]:
    """Yield what is wrong with the open page on each screen; KASUWA_E2E_PICTURES asks for pictures of it."""
    headings = visitor.page.locator("h1").all_text_contents()
    if len(headings) != 1:
        yield f"{name} has {len(headings)} headings of the first level: {headings}"
    with _without_motion(visitor.page):
        yield from _faults(visitor, name)


def _faults(visitor: Visitor, name: str) -> Iterator[str]:
    for width in WIDTHS:
        if visitor.page.viewport_size != {"width": width, "height": 900}:
            visitor.page.set_viewport_size({"width": width, "height": 900})
        for image in visitor.page.evaluate(BROKEN_IMAGES):
            yield f"{name} at {width}: {image}"
        if os.environ.get("KASUWA_E2E_PICTURES"):
            PICTURES.mkdir(exist_ok=True)
            visitor.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True, animations="disabled")
        if visitor.is_wider_than_the_screen():
            yield f"{name} at {width} must be scrolled sideways"
        for violation in _violations(visitor.page):
            yield f"{name} at {width}: {violation}"


def accessibility_violations(page: Page) -> list[str]:
    """Run axe in a page; by the debugger, since the page's own policy forbids code that is handed in."""
    with _without_motion(page):
        return _violations(page)


@contextmanager
def _without_motion(page: Page) -> Iterator[None]:
    """Let nothing move in a page: a notice that fades away while axe looks has no contrast for a moment.

    Once for all looks at it, since the whole page is styled anew each time.
    """
    page.emulate_media(reduced_motion="reduce")
    yield
    page.emulate_media(reduced_motion="no-preference")


def _violations(page: Page) -> list[str]:
    """Run axe in a page without motion.

    Contrast takes four fifths of axe's time, and texts that look alike have the same: it is measured for the looks that
    have not passed yet.
    """
    session = page.context.new_cdp_session(page)
    if not _value_of(session, "Boolean(window.axe)"):
        session.send("Runtime.evaluate", {"expression": AXE})
    session.send("Runtime.evaluate", {"expression": END_MOTION})
    looks = json.dumps([look for look in _value_of(session, LOOKS) if look not in _settled])
    found = _value_of(session, f"{RUN_AXE}({looks})")
    session.detach()
    _settled.update(found["settled"])
    return [str(each) for each in found["violations"]]


def _value_of(session: CDPSession, expression: str) -> Any:
    answer = session.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    assert "exceptionDetails" not in answer, answer
    return answer["result"]["value"]
