"""`<c-…>` components as django-cotton renders them, with a fraction of its calls of functions (docs/adr/0097).

What is the same on every page is worked out once for each component and language: its template, the names of its
attributes, and their defaults.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.template.base import NodeList
from django.template.defaulttags import LoadNode
from django.template.loader import select_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django_cotton.templatetags import Attrs, UnprocessableDynamicAttr, _component, _slot, _vars
from django_cotton.templatetags._component import AttrKind, CottonComponentNode
from django_cotton.utils import ensure_quoted

from kit.template_shortcuts import WRITTEN_AS_HTML
from kit.web.template_loaders import FORGET_DRAWN

KNOWN = 512  # components, each in each language
NAME = re.compile(r"[\w.]+")
PLAIN = {"": True, "None": None, "True": True, "False": False}  # as django-cotton reads `:name=""`
EMPTY = SafeString("")


def render_components_directly() -> None:
    """Have templates that are compiled from now on render their components by this module."""
    _component.CottonComponentNode = ComponentNode
    for module in (_slot, _vars):
        module.get_cotton_data = cotton_data


def cotton_data(context: Any) -> Any:
    """Return the components that are being rendered, and begin with none on a page that had none so far."""
    for values in reversed(context.dicts):
        if "cotton_data" in values:
            return values["cotton_data"]
    context["cotton_data"] = {"stack": [], "vars": {}}
    return context["cotton_data"]


class Attributes(Attrs):
    """The attributes that a component was given; `{{ attrs }}` writes those that it does not name in `<c-vars>`."""

    def __str__(self) -> str:
        written = [
            name if value is True else f"{name}={ensure_quoted(value)}"
            for name, value in self._attrs.items()
            if name not in self._exclude_from_str
        ]
        return SafeString(" ".join(written)) if written else EMPTY


class ComponentNode(CottonComponentNode):
    """`{% cotton name … %}`: a component where a template has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._attributes = [(each.key, each.key.replace("-", "_"), *_prepared(each)) for each in self._prepared_attrs]
        self._spreads = any(each.key == "attrs" and each.kind is AttrKind.DYNAMIC for each in self._prepared_attrs)

    def render(self, context: Any) -> Any:
        """Render the component's template with what it is given here."""
        if self.only:
            return super().render(context)
        data = cotton_data(context)
        attributes, slots = Attributes({}), dict[str, Any]()
        data["stack"].append({"key": self.component_name, "attrs": attributes, "slots": slots})
        given = self._given(context, attributes)
        slot = self.nodelist.render(context) if self.nodelist else EMPTY
        is_ = attributes.get("is") if self.component_name == "component" else None
        template, nodes, defaults, named = _known(self.component_name, is_, get_language())
        if defaults is None:
            defaults = self._extract_vars_from_template(template, context, attributes, slots)
            attributes.exclude_from_string_output("is")
        else:
            attributes._exclude_from_str = named  # noqa: SLF001 - at once; its method takes one
        names = {**defaults, **slots, **given, "attrs": attributes, "slot": slot, "cotton_data": data}
        state = context.render_context
        before, state.template = state.template, template
        state.dicts.append({})
        context.dicts.append(names)
        try:
            output = nodes.render(context)
        finally:
            context.dicts.pop()
            state.dicts.pop()
            state.template = before
        data["stack"].pop()
        return output

    def _given(self, context: Any, attributes: Attributes) -> dict[str, Any]:
        """Fill a component's attributes, and return them by the names that its template has for them."""
        attrs: dict[str, Any] = attributes._attrs  # noqa: SLF001 - as above
        given = {}
        for key, name, resolve, value in self._attributes:
            if resolve is None:
                attrs[key] = given[name] = value
                continue
            try:
                found = resolve(context)
            except UnprocessableDynamicAttr:
                attributes.unprocessable(key)
                continue
            if key == "attrs" and self._spreads:  # `:attrs="…"` hands on another component's
                attrs.update(found)
                given.update({each.replace("-", "_"): one for each, one in found.items()})
            else:
                attrs[key] = given[name] = found
        return given


class Known(NamedTuple):
    """A component in one language: its template, and what of it is the same on every page."""

    template: Any
    nodes: NodeList  # that write something
    defaults: dict[str, Any] | None  # none where one depends on the page
    named: set[str]  # attributes that `{{ attrs }}` leaves out


@lru_cache(maxsize=KNOWN)
def _known(name: str, is_: str | None, language: str | None) -> Known:  # noqa: ARG001 - the one that is active
    template: Any = select_template(CottonComponentNode._candidate_template_paths(name, is_)).template  # noqa: SLF001
    nodes = NodeList(node for node in template.nodelist if not isinstance(node, (_vars.CottonVarsNode, LoadNode)))
    named, defaults = {"is"}, {}
    for node in template.nodelist:
        if isinstance(node, _vars.CottonVarsNode):
            named.update(node.empty_vars)
            for var in node._prepared_vars:  # noqa: SLF001
                resolve, value = _prepared(var)
                if resolve is not None:
                    return Known(template, nodes, None, named)
                named.add(var.exclude_key)
                defaults[var.accessible_key] = value
    return Known(template, nodes, defaults, named)


FORGET_DRAWN.append(_known.cache_clear)
WRITTEN_AS_HTML.add(Attributes)


def _prepared(attr: Any) -> tuple[Callable[[Any], Any] | None, Any]:
    """Return the resolver of an attribute or a default; none, but its value, where every page has the same."""
    if attr.kind is AttrKind.ESCAPED and attr.compiled:
        return attr.compiled.nodelist.render, None
    if attr.kind not in {AttrKind.DYNAMIC, AttrKind.UNQUOTED}:
        return None, attr.value
    raw, variable, literal = attr.value, attr.compiled._variable, attr.compiled._literal  # noqa: SLF001 - as above
    if raw in PLAIN:
        return None, PLAIN[raw]
    if variable is not None and variable.lookups is None and not variable.translate:
        return None, variable.literal
    if attr.compiled._template is None and literal is not _component._MISSING and not NAME.fullmatch(raw):  # noqa: SLF001
        return None, literal
    return (attr.compiled.resolve if attr.kind is AttrKind.DYNAMIC else partial(_or_text, attr)), None


def _or_text(attr: Any, context: Any) -> Any:
    """Resolve an attribute without quotes, which is a text where there is nothing of that name."""
    try:
        return attr.compiled.resolve(context)
    except UnprocessableDynamicAttr:
        return attr.value
