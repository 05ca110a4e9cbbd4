"""Shortcuts through Django's templates, whose places below a page passes hundreds of times (docs/adr/0097).

Each gives what Django's own gives; `tests/kit/test_template_shortcuts.py` compares the two.
"""

import html
import re
from collections.abc import Callable
from typing import Any

from django.template import base, defaultfilters, defaulttags, library
from django.template.base import NodeList, Template, TextNode, Variable, VariableDoesNotExist
from django.template.context import BaseContext, Context, RequestContext
from django.template.defaulttags import URLNode
from django.templatetags import static
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from kit.settings_cache import cached_by_settings

WRITTEN_AS_HTML: set[type] = set()  # kinds of values whose text is marked as safe, and the same in every language
NEEDS_ESCAPES = re.compile("[&<>\"']").search
_show = base.render_value_in_context
_render_annotated: Callable[[Any, Any], SafeString] = NodeList.render
_resolve = Variable.resolve
_render_url = URLNode.render


def take_template_shortcuts() -> None:
    """Take all of the shortcuts below."""
    for place, name, ours in SHORTCUTS:
        setattr(place, name, ours)


def _escape(value: Any) -> Any:
    """Escape a text, unless it is marked as safe; Django looks for lazy texts by a generator first."""
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str:
        return SafeString(html.escape(value) if NEEDS_ESCAPES(value) else value)
    return conditional_escape(value)


def _mark_safe(value: Any) -> Any:
    kind = type(value)
    if kind is SafeString:
        return value
    return SafeString(value) if kind is str else mark_safe(value)  # noqa: S308 - as the caller asks


def _show_value(value: Any, context: Any) -> Any:
    """Show a text or a small number, which every language writes alike."""
    kind = type(value)
    if kind is SafeString:
        return value
    if context.autoescape:
        if kind is str:
            return SafeString(html.escape(value) if NEEDS_ESCAPES(value) else value)
        if kind is int and -1000 < value < 1000:  # noqa: PLR2004 - without marks between thousands
            return SafeString(value)
    return str(value) if kind in WRITTEN_AS_HTML else _show(value, context)


def _render_nodes(nodes: Any, context: Any) -> SafeString:
    """Render nodes, without a call for each plain text, and for what Django's debug page would show."""
    if context.template is None or context.template.engine.debug:
        return _render_annotated(nodes, context)
    return SafeString("".join([node.s if type(node) is TextNode else node.render(context) for node in nodes]))


def _resolve_variable(variable: Any, context: Any) -> Any:
    """Look a variable up that is one name alone, and whose value is a plain one."""
    if variable.translate:  # of `{% translate name %}` too
        return _resolve(variable, context)
    names = variable.lookups
    if names is None:
        return variable.literal
    kind = type(context)
    if names[1:] or not (kind is RequestContext or kind is Context):
        return _resolve(variable, context)
    name = names[0]
    for values in reversed(context.dicts):
        if name in values:
            value = values[name]
            return _resolve(variable, context) if callable(value) else value
    raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, context))


def _has_name(context: Any, name: str) -> bool:
    for values in context.dicts:  # noqa: SIM110 - `any` would be called, and a generator for each
        if name in values:
            return True
    return False


def _render_template(template: Any, context: Any) -> Any:
    """Render a template in a state of its own, as `push_state` keeps it by a generator."""
    state = context.render_context
    before, state.template = state.template, template
    state.dicts.append({})
    try:
        if context.template is not None:
            return template._render(context)  # noqa: SLF001 - as its own method does
        with context.bind_template(template):
            context.template_name = template.name
            return template._render(context)  # noqa: SLF001
    finally:
        state.template = before
        state.dicts.pop()


def _render_plain_url(node: Any, context: Any) -> Any:
    """Return the address of a view that takes no arguments, which a URL configuration gives once."""
    if node.args or node.kwargs:
        return _render_url(node, context)
    try:
        current_app = context.request.current_app
    except AttributeError:
        match = getattr(getattr(context, "request", None), "resolver_match", None)
        current_app = None if match is None else match.namespace
    url = plain_url(node.view_name.resolve(context), get_urlconf(), current_app)
    if node.asvar:
        context[node.asvar] = url or ""
        return ""
    if url is None:
        return _render_url(node, context)  # which says what is missing
    return _escape(url) if context.autoescape else url


@cached_by_settings
def plain_url(name: str, urlconf: str | None, current_app: str | None = None) -> str | None:
    """Return the address of a view that takes no arguments; None where a URL configuration has none."""
    try:
        return reverse(name, urlconf=urlconf, current_app=current_app)
    except NoReverseMatch:
        return None


SHORTCUTS: tuple[tuple[Any, str, Any], ...] = (
    *((module, "conditional_escape", _escape) for module in (base, defaultfilters, defaulttags, library, static)),
    *((module, "mark_safe", _mark_safe) for module in (base, defaultfilters, defaulttags)),
    (base, "render_value_in_context", _show_value),
    (NodeList, "render", _render_nodes),
    (Variable, "resolve", _resolve_variable),
    (BaseContext, "__contains__", _has_name),
    (Template, "render", _render_template),
    (URLNode, "render", _render_plain_url),
    (StaticNode, "handle_simple", staticmethod(cached_by_settings(StaticNode.handle_simple))),
)
DJANGOS_OWN = tuple((place, name, getattr(place, name)) for place, name, _ in SHORTCUTS)
