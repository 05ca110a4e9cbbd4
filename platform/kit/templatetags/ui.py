"""Small helpers of the page components."""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import Context
from django.urls import get_urlconf
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from kit.settings_cache import cached_by_settings
from kit.template_shortcuts import plain_url
from kit.text.json_in_html import json_in_html
from kit.text.pairs import pairs_of
from kit.web.hosts import platform_url
from kit.web.page_before import referring_path
from kit.web.status_tones import tone_of

register = template.Library()
ORDER_NUMBER = re.compile(r"\bKS-[0-9A-Z]+(?:-[0-9]+)*")


@register.filter
def status_tone(status: object) -> str:
    """Name the colour of a status; neutral for those that need no attention."""
    return tone_of(status)


@register.filter
def pairs(options: object) -> list[list[str]]:
    """Return the names and texts of data: a look-up of `.items` on it would find a key of that name first."""
    return pairs_of(options)


@register.filter
def count_done(steps: Iterable[Any]) -> int:
    """Count the steps of a checklist that are done."""
    return sum(1 for step in steps if (step["done"] if isinstance(step, dict) else step.done))


@register.filter(is_safe=True)
def wrappable(value: object) -> str:
    """Let a figure break before its unit, where it is too wide for one line: `140 588` above `NGN`."""
    figure, space, unit = str(value).rpartition("\u00a0")
    return f"{figure} {unit}" if space else unit


@register.filter
def pretty(value: object) -> str:
    """Lay out JSON for reading; anything else stays as it is, and so does JSON that is nested too deep to be read."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        value = bytes(value).decode("utf-8", "replace")
    text = value if isinstance(value, str) else ""
    with suppress(ValueError, RecursionError):  # no JSON; thousands of digits, or of brackets
        text = json.dumps(json.loads(text) if text else value, indent=2, ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace").decode()


@register.simple_tag
def json_ld(data: object) -> SafeString:
    """Write linked data as a block that browsers do not run; no text in it can end the block or begin another."""
    return mark_safe(f'<script type="application/ld+json">{json_in_html(data)}</script>')  # noqa: S308 - escaped


@register.filter
def share_links(url: str, text: str) -> list[dict[str, str]]:
    """Return the ways to send an address on with a text: by WhatsApp, Telegram and e-mail."""
    there, said = _quoted(url), _quoted(text)
    # WhatsApp: https://faq.whatsapp.com/5913398998672934, Telegram: https://core.telegram.org/widgets/share
    return [
        {"label": gettext("WhatsApp"), "icon": "phone", "url": f"https://wa.me/?text={said}%20{there}"},
        {
            "label": gettext("Telegram"),
            "icon": "arrow-right",
            "url": f"https://t.me/share/url?url={there.replace('/', '%2F')}&text={said}",
        },
        {"label": gettext("E-mail"), "icon": "mail", "url": f"mailto:?subject={said}&body={there}"},
    ]


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return quote(text)


@register.simple_tag
def market_url(name: str) -> str:
    """Return the address of a page of the market, in full on shops' hosts; nothing where there is no such page."""
    return _market_address(name, get_urlconf() == settings.PUBLIC_SCHEMA_URLCONF)


@cached_by_settings
def _market_address(name: str, is_on_market: bool) -> str:
    path = plain_url(name, settings.PUBLIC_SCHEMA_URLCONF)
    return "" if path is None else path if is_on_market else platform_url(path)


@register.simple_tag
def page_language() -> str:
    """Return the language of the page, as HTML names it (BCP 47): `en-GB`, `fr`."""
    name, _, region = (get_language() or settings.LANGUAGE_CODE).partition("-")
    return f"{name}-{region.upper()}" if region else name


@register.simple_tag
def languages() -> list[dict[str, Any]]:
    """Return the languages of the market, each by its own name, with the one of the page marked."""
    current = get_language()
    return [{"code": code, "name": name, "is_current": code == current} for code, name in settings.LANGUAGES]


@register.simple_tag(takes_context=True)
def address_of_page(context: Context) -> str:
    """Return the address that shows this page again: of an answer to a form, that of the page with the form."""
    request = context["request"]
    return request.get_full_path() if request.method in {"GET", "HEAD"} else referring_path(request) or "/"


@register.simple_tag
def described(field: BoundField, hint: str = "") -> SafeString:
    """Render a field's control, pointing at the hint and the error printed beside it.

    The first control of a form that was refused takes the focus, with and without scripts. Of several forms on a page
    the view says which one has it (`takes_focus`).
    """
    ids = []
    if hint or field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    attrs: dict[str, Any] = {"aria-describedby": " ".join(ids)} if ids else {}
    if field.errors and getattr(field.form, "takes_focus", True) and _is_first_refused(field):
        attrs["autofocus"] = True
    return field.as_widget(attrs=attrs or None)


def _is_first_refused(field: BoundField) -> bool:
    refused = (each.html_name for each in field.form if each.errors and not each.is_hidden)
    return next(refused, "") == field.html_name


@register.filter
def unbroken_numbers(text: str) -> str:
    """Return a heading in which no line ends inside an order's number."""
    return SafeString(ORDER_NUMBER.sub(r'<span class="whitespace-nowrap">\g<0></span>', conditional_escape(text)))
