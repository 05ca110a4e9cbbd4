"""Templates that have changed are read again with `up --reload`, and what they drew is drawn again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine, autoreload

from kit.web import template_loaders
from kit.web.template_loaders import FORGET_DRAWN

CHAIN = ["kit.web.template_loaders.TranslatingLoader"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "layout.html").write_text("old {% block content %}{% endblock %}")
    (tmp_path / "page.html").write_text('{% extends "layout.html" %}{% block content %}page{% endblock %}')
    return tmp_path


def drawn(folder: Path, loader: str) -> tuple[str, str]:
    """Return a page before and after its layout has changed."""
    engine = Engine(dirs=[str(folder)], loaders=[(f"kit.web.template_loaders.{loader}", CHAIN)])
    before = engine.get_template("page.html").render(Context())
    (folder / "layout.html").write_text("changed {% block content %}{% endblock %}")
    return before, engine.get_template("page.html").render(Context())


def test_a_changed_layout_shows_in_its_pages(folder: Path) -> None:
    assert drawn(folder, "ReloadingLoader") == ("old page", "changed page")


@pytest.mark.parametrize(("loader", "shown"), [("ReloadingLoader", "changed"), ("PerLanguageLoader", "card")])
def test_what_a_changed_template_drew_is_drawn_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, loader: str, shown: str
) -> None:
    engine = Engine(dirs=[str(folder)], loaders=[(f"kit.web.template_loaders.{loader}", CHAIN)])
    card = cache(lambda: engine.get_template("card.html").render(Context()))
    monkeypatch.setattr(template_loaders, "FORGET_DRAWN", [card.cache_clear])
    (folder / "card.html").write_text("card")
    assert card() == "card"

    (folder / "card.html").write_text("changed")
    engine.get_template("page.html")
    assert card() == shown


def test_the_development_server_has_what_was_drawn_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr(template_loaders, "FORGET_DRAWN", [lambda: forgotten.append("cards")])
    assert settings.CONFIG_DIR / "templates" in autoreload.get_template_directories()
    autoreload.reset_loaders()
    assert forgotten == ["cards"]


def test_templates_are_read_once_where_nobody_works_on_them(folder: Path) -> None:
    assert drawn(folder, "PerLanguageLoader") == ("old page", "old page")


def test_drawn_product_cards_are_forgotten_with_their_template() -> None:
    from catalogue.discovery.templatetags import product_cards

    assert product_cards._drawn.cache_clear in FORGET_DRAWN
