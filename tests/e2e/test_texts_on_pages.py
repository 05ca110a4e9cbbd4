"""What the pages of the demo show is marked for translation: none of it is English to a French reader."""

from __future__ import annotations

import json
from typing import Any

from tests.texts.shown import CLOSE, OPEN, unmarked_in
from tests.world.every_page import places
from tests.world.market_process import run
from tests.world.visitor import OpenMarket

WRITTEN_BEFORE = ("/notifications/",)  # notices are kept as they were written to their readers
TYPED = {"xylophonists", "KS-", "example"}  # by this test, and the kind of a job that it makes


def marked(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


def test_every_text_of_a_page_is_marked(market: OpenMarket, examples: dict[str, Any]) -> None:
    found = [
        [place.who, place.shop, place.path] for place in places(examples) if not place.path.startswith(WRITTEN_BEFORE)
    ]
    words = f"from tests.texts.shown import main; main({found!r}, 'kasuwa.localhost:{market.port}')"
    told = run(market.data_dir, "shell", "-v0", "-c", words)
    assert told.returncode == 0, told.stderr[-4000:]
    answer = json.loads(told.stdout)
    assert answer["refused"] == []
    assert answer["pages"] > len(found), "no page leads to another"
    assert {text: where for text, where in answer["unmarked"].items() if text.strip(" ·") not in TYPED} == {}


def test_unmarked_texts_are_found() -> None:
    page = f"""<html lang="fr"><head><title>{marked("Panier")} · Kasuwa</title><script>let a = "Basket"</script></head>
      <body><h1>{marked("Votre <b>panier</b>")}</h1><p>{marked("Il reste")}5{marked("articles")} left</p>
      <a href="/" aria-label="Close">{marked("Fermer")}</a><input type="submit" value="Go"><button value="pay"></button>
      <p lang="en">As it was written</p><p title="{marked("Aide")}">{OPEN}De {CLOSE}Amina{OPEN}.{CLOSE}</p></html>"""
    assert unmarked_in(page) == ["· Kasuwa", "left", "Close", "Go", "Amina"]
