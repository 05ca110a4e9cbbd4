"""Sentences that hold a text of other origin: each ends with one mark."""

import re

DOUBLED = re.compile(r"(?<!\.)([.!?…][\s”»\"’)]*)\.$")


def as_sentence(text: str) -> str:
    """Return an entered text with a full stop at its end, unless it is empty or has a mark there."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def with_one_stop(text: str) -> str:
    """Return a sentence without its own full stop where the text that it ends with has a mark: `Saved: “Yes.”`."""
    return DOUBLED.sub(r"\1", text).rstrip()
