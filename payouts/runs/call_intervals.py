"""Pace of bulk calls: a provider's pause between two of them is kept by all processes together."""

import time
from datetime import timedelta

from kit.db.sql import fetch_all
from kit.db.statements import load_statement

TAKE_TURN = load_statement(__package__, "take_turn")


def wait_for_turn(*, provider: str, pause_seconds: float) -> None:
    """Wait until a bulk call may be made; the next one, of any process, waits for the pause after it.

    The database's clock decides, because those of the machines differ.
    """
    while pause_seconds:
        [(wait_seconds,)] = fetch_all(TAKE_TURN, {"provider": provider, "pause": timedelta(seconds=pause_seconds)})
        if not wait_seconds:
            return
        time.sleep(min(float(wait_seconds), pause_seconds))
