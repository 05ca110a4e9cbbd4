"""No page, script, form or service takes a currency for granted: an amount without one is an error."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from kit.money import SYMBOLS
from kit.templatetags.money import money
from tests.architecture.sources import ROOT, nodes, python_files, source_files

# Where a currency is meant by its name: settings, what is known of currencies, demo goods; examples of the API and
# adapters of payment providers (`may_name_currencies`).
NAMED_IN = {
    "platform/config/styleguide.py": "samples of components",
    "platform/config/settings/base.py": "the market's own currency, and those of shops",
    "platform/kit/money/amounts.py": "spellings",
    "platform/kit/money/__init__.py": "decimals",
    "platform/kit/text/conventions.py": "signs",
    "platform/kit/money/names.py": "names",
    "platform/demo/model.py": "the demo's goods",
    "platform/replay/onboarding.py": "the replayed goods",
    "checkout/api/document_examples.py": "examples",
    "checkout/api/return_examples.py": "examples",
    "checkout/api/statement_examples.py": "examples",
    "checkout/serializers/commission.py": "an example",
    "checkout/serializers/yearly.py": "an example",
    "payouts/api/balances.py": "an example",
    "platform/console/api/payout_examples.py": "examples",
    "payouts/api/releases.py": "an example",
    "vendors/serializers/commission.py": "an example",
    "vendors/api/payout_examples.py": "examples",
    "vendors/api/dispute_examples.py": "examples",
    "platform/console/api/dispute_examples.py": "examples",
    "platform/console/api/commission_outputs.py": "examples",
    "vendors/api/setup.py": "an example",
    "platform/kit/text/countries.py": "which countries have a currency",
}
CODES = "|".join(SYMBOLS)
CODE = re.compile(rf"""["':](?:{CODES})["'\s}}|]""")
SIGN = re.compile("[₦₵]")
PROVIDERS = re.compile(r"platform/(?:gateway|carriers)/\w+/")


def named_in_python(source: str) -> Iterator[str]:
    """Yield the currencies that are written in code, also as values of defaults."""
    for node in nodes(source):
        if isinstance(node, ast.Constant) and node.value in SYMBOLS:
            yield str(node.value)


def named_in_text(source: str) -> bool:
    """Return whether a template or a script names a currency."""
    return bool(CODE.search(source) or SIGN.search(source))


def is_ours(path: str) -> bool:
    return not path.startswith(("platform/paystack_sandbox/", "tests/")) and "/migrations/" not in path


def may_name_currencies(path: str) -> bool:
    """Return whether a module shows examples of the API, or says what a payment provider takes."""
    return path.endswith("/api/examples.py") or PROVIDERS.match(path) is not None


def test_no_code_names_a_currency_but_where_one_is_meant() -> None:
    found = {
        name
        for path in python_files()
        if is_ours(name := path.relative_to(ROOT).as_posix()) and any(named_in_python(path.read_text(encoding="utf-8")))
    }
    others = {name for name in found if not may_name_currencies(name)} - NAMED_IN.keys()
    assert others == set(), "Take the currency from the shop or the amount, or say in NAMED_IN why it is meant by name."
    assert NAMED_IN.keys() - found == set()


def test_adapters_and_examples_alone_may_name_one() -> None:
    for path in ("platform/gateway/pebble/adapter.py", "payouts/api/examples.py"):
        assert may_name_currencies(path)
    for path in ("platform/gateway/registry.py", "payouts/api/views.py", "checkout/examples.py"):
        assert not may_name_currencies(path)


@pytest.mark.parametrize("suffix", [".html", ".txt", ".js"])
def test_no_template_and_no_script_names_one(suffix: str) -> None:
    found = [
        name
        for path in source_files(suffix)
        if is_ours(name := path.relative_to(ROOT).as_posix())
        and "styleguide" not in name
        and named_in_text(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    ['<c-vars currency="NGN" />', "{{ a|money:'GHS' }}", '{{ a|default:"KES" }}', "const c = 'USD'", "Pay ₦100"],
)
def test_a_default_in_a_page_is_found(source: str) -> None:
    assert named_in_text(source)


@pytest.mark.parametrize("source", ['f(currency="NGN")', 'def f(currency: str = "GHS"): ...', 'c = asked or "USD"'])
def test_a_default_in_code_is_found(source: str) -> None:
    assert any(named_in_python(source))


def test_an_amount_without_a_currency_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no currency"):
        money(100, "")
    assert (money(None, ""), money(100, "NGN")) == ("", "₦1")
