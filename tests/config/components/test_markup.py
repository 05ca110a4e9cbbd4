"""Markup of the components: labels, states, escaping, and nothing that the content policy forbids."""

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from config.styleguide import styleguide
from kit.templatetags.ui import pretty, status_tone
from kit.web.status_tones import StatusTones
from kit.wiring import WiringError
from tests.world.wiring import wired
from vendors.navigation import ENTRIES

TEMPLATES = Path(settings.CONFIG_DIR) / "templates"


def render(source: str, **context: Any) -> str:
    """Render a snippet with components in it."""
    compiled = CottonCompiler().process(source)
    return engines["django"].from_string(compiled).render(context, asked("/"))


def asked(address: str) -> HttpRequest:
    """Return a request by someone unknown."""
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


class ContactForm(forms.Form):
    """A form to print."""

    email = forms.EmailField(help_text="For the receipt")
    note = forms.CharField(required=False, widget=forms.Textarea)


def test_a_field_points_at_its_hint_and_its_error() -> None:
    html = render('<c-field :field="form.email" />', form=ContactForm({"email": "nope"}))
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    for target in described[1].split():
        assert f'id="{target}"' in html
    assert 'aria-invalid="true"' in html
    assert html.count("<label") == 1


def test_optional_fields_say_so() -> None:
    assert "(optional)" in render('<c-field :field="form.note" />', form=ContactForm())


def test_text_is_escaped_once() -> None:
    html = render('<c-page-heading title="{{ title }}" />', title="Pots & <b>pans</b>")
    assert "Pots &amp; &lt;b&gt;pans" in html
    assert "&amp;amp;" not in html


def test_a_lower_price_shows_what_it_was() -> None:
    html = render('<c-price :amount="1850000" :was="2400000" currency="NGN" />')
    assert "₦18,500" in html
    assert "₦24,000" in html
    assert "<s>" not in render('<c-price :amount="2400000" :was="2400000" currency="NGN" />')


def test_numbers_in_attributes_are_not_localised() -> None:
    html = render('<c-quantity :value="1200" :max="5000" />')
    assert 'value="1200"' in html
    assert 'max="5000"' in html


class SecondForm(ContactForm):
    """A form further down the same page."""

    takes_focus = False


def test_a_fault_is_said_once_and_the_first_control_has_the_focus() -> None:
    form = ContactForm({"email": "nope", "note": ""})
    form.fields["note"].required = True
    html = render(
        '<c-form-errors :form="form" /><c-field :field="form.email" /><c-field :field="form.note" />', form=form
    )
    assert html.count("Enter a valid email address.") == html.count("This field is required.") == 1
    assert "error-summary" not in html
    assert html.count(" autofocus") == 1
    assert html.index(" autofocus") < html.index("<textarea")
    later = render('<c-field :field="form.email" />', form=SecondForm({"email": "nope"}))
    assert " autofocus" not in later
    assert " autofocus" not in render('<c-field :field="form.email" />', form=ContactForm({"email": "a@example.com"}))


def test_faults_of_a_whole_form_and_of_hidden_fields_are_said_at_its_head() -> None:
    form = ContactForm({"email": "a@example.com"})
    form.fields["key"] = forms.CharField(widget=forms.HiddenInput)
    form.add_error(None, "Too late.")
    html = render('<c-form-errors :form="form" />', form=form)
    assert re.findall(r'<p class="error-summary" role="alert" tabindex="-1">([^<]*)</p>', html) == [
        "Too late.",
        "This field is required.",
    ]


def test_a_sold_out_value_can_be_chosen_where_it_is_there_in_another_choice() -> None:
    options = [{"value": "1", "label": "Tan", "available": False, "can_be_chosen": True, "hint": "Not in S"}]
    html = render('<c-variant-picker legend="Colour" :options="options" />', options=options)
    assert " disabled" not in html
    assert "data-gone" in html
    assert "Not in S" in html


def test_sold_out_variants_cannot_be_chosen() -> None:
    options = [
        {"value": "1", "label": "Indigo", "available": True},
        {"value": "2", "label": "Tan", "available": False},
    ]
    html = render('<c-variant-picker legend="Colour" :options="options" />', options=options)
    assert html.count(" disabled") == 1
    assert re.search(r'value="2"[^>]* disabled', html)


def test_a_button_with_an_address_is_a_link() -> None:
    assert render('<c-button href="/x/">Go</c-button>').strip().startswith('<a href="/x/"')
    assert 'type="submit"' in render("<c-button>Save</c-button>")
    assert 'commandfor="box"' in render('<c-button opens="box">Ask</c-button>')


def test_navigation_leaves_out_addresses_that_do_not_exist() -> None:
    assert render('<c-nav-link route="nowhere:at-all" match="nowhere" label="Nowhere" icon="x" />').strip() == ""


@pytest.mark.parametrize(
    ("status", "tone"),
    [
        ("paid", "success"),
        ("needs-attention", "warning"),
        ("Sold out", "error"),
        ("live", "success"),
        ("received", "warning"),
        ("open", "warning"),  # a dispute that waits for an answer
        ("Failed", "error"),
        ("unheard of", "neutral"),
    ],
)
def test_statuses_have_tones(status: str, tone: str) -> None:
    assert status_tone(status) == tone


def test_a_status_has_one_tone_wherever_it_is_declared() -> None:
    with wired(contributes=[StatusTones("tests", success=("sold_out",))]), pytest.raises(WiringError, match="sold_out"):
        status_tone("paid")
    with wired(contributes=[StatusTones("tests", info=("simmering",))]):
        assert (status_tone("simmering"), status_tone("sold_out")) == ("info", "error")


@pytest.mark.parametrize(
    ("value", "text"), [(b'{"a":1}', '{\n  "a": 1\n}'), ("not json", "not json"), ({"a": "₦"}, '{\n  "a": "₦"\n}')]
)
def test_payloads_are_laid_out(value: object, text: str) -> None:
    assert pretty(value) == text


def test_the_style_guide_renders_every_component() -> None:
    html = styleguide(asked("/styleguide/")).content.decode()
    used = set(re.findall(r"<c-([a-z-]+)", "".join(file.read_text() for file in TEMPLATES.rglob("*.html"))))
    assert "<c-" not in html
    known = {file.stem.replace("_", "-") for file in (TEMPLATES / "cotton").glob("*.html")} | {"vars", "slot"}
    assert used <= known


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_templates_keep_to_the_content_policy(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r'\sstyle="', text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "<style" not in text
    assert text.count("\n") < 150


def drawn_in(sheet: str) -> set[str]:
    """Return the names of the drawings in a sheet of the static files."""
    text = (Path(settings.CONFIG_DIR) / "static" / sheet).read_text()
    return set(re.findall(r'<symbol id="([a-z-]+)"', text))


def templates() -> set[Path]:
    roots = [Path(settings.ROOT_DIR) / "platform", Path(settings.ROOT_DIR)]
    return {
        file
        for root in roots
        for file in root.glob("*/**/templates/**/*.html")
        if not {"node_modules", ".venv"} & set(file.parts)
    }


def named_in_templates(pattern: str) -> set[str]:
    return {name for file in templates() for name in re.findall(pattern, file.read_text())}


# What scripts find parts of a page by; no rule is about them.
HOOKS = {"data-added", "data-bulk-bar", "data-dismiss", "data-upload", "data-upload-status"}


def used_classes(source: str) -> set[str]:
    """Return the classes that a template names whole."""
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", source)
    found = {name for names in re.findall(r'\sclass="([^"]*)"', plain) for name in names.split()}
    return {name for name in found if not name.endswith("-")}


def test_classes_of_templates_are_in_the_stylesheet() -> None:
    sheet = (Path(settings.CONFIG_DIR) / "static" / "css" / "kasuwa.css").read_text()
    ruled = {re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\.((?:\\.|[\w-])+)", sheet)}
    files = [file for file in templates() if "paystack_sandbox" not in file.parts]
    used = {name for file in files for name in used_classes(file.read_text())}
    assert len(used) > 200
    assert used - ruled - HOOKS == set(), "Run `npm run build` in platform/config/frontend (docs/frontend.md)."
    control = used_classes('<p class="a-x {% if b == "c" %}d-x{% endif %} e-{{ f }} mt-13 flex">')
    assert control - ruled == {"a-x", "d-x", "mt-13"}


def test_icons_that_templates_and_the_navigation_name_exist() -> None:
    named = named_in_templates(r'<c-icon[^>]* name="([a-z-]+)"')
    named |= named_in_templates(r'<c-(?:button|nav-link|drawer)[^>]* icon="([a-z-]+)"')
    named |= {entry.icon for entry in ENTRIES}
    assert named - drawn_in("icons/icons.svg") == set(), "Take one of platform/config/static/icons/icons.svg."


@pytest.mark.parametrize(
    ("component", "attribute", "known"),
    [
        ("button", "variant", {"primary", "accent", "quiet", "ghost", "danger", "link"}),
        ("button", "size", {"sm", "md", "lg"}),
        ("thumb", "size", {"sm", "md", "lg"}),
        ("price", "size", {"sm", "md", "lg", "xl"}),
        ("alert", "tone", {"info", "success", "warning", "error"}),
    ],
)
def test_a_component_is_asked_for_a_form_that_it_has(component: str, attribute: str, known: set[str]) -> None:
    """An unknown one is shown as another: a button without its border."""
    named = named_in_templates(rf'<c-{component}\b[^>]*? {attribute}="([a-z-]+)"')
    assert named
    assert named - known == set()


def test_pictures_of_empty_states_exist() -> None:
    named = named_in_templates(r'<c-empty-state[^>]* art="([a-z-]+)"')
    assert len(named) > 5
    assert named - drawn_in("img/art.svg") == set(), "Take one of platform/config/static/img/art.svg."


@pytest.mark.parametrize("code", [400, 403, 404, 429])
def test_error_pages_need_no_middleware(code: int) -> None:
    html = get_template(f"{code}.html").render({}, RequestFactory().get("/nowhere/"))
    assert html.count("<h1") == 1


def test_the_last_resort_needs_no_request() -> None:
    assert "Nothing was charged twice" in get_template("500.html").render({})
