"""The API's guide shows what is so: its calls are carried out in their order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.utils import timezone

from checkout.payments.confirm_payment import confirm_payment
from demo.accounts import FABRICS, OPERATOR, PASSWORD
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Role
from tenants.staff.members import add_member
from tests.architecture.sources import ROOT
from tests.world.api_guide import Answer, GuideError, Sent, difference, read_call, run_guide, steps_of
from tests.world.applications import submitted
from tests.world.described import URLCONFS, description_of
from tests.world.factories.people import person
from tests.world.in_process import in_process
from tests.world.market import open_shop, stock

pytestmark = pytest.mark.django_db
CALLS = 49
GUIDE = (ROOT / "docs/api.md").read_text(encoding="utf-8")


@pytest.fixture
def transport(db: None) -> Iterator[httpx.WSGITransport]:
    with in_process() as transport:
        yield transport


def open_market() -> None:
    """Let there be the shops and people of the demo that the guide names."""
    fabrics, kitchen = open_shop("indigo-fabrics"), open_shop("copper-kitchen", shipping_minor=90_000)
    stock(fabrics, sku="TOTE-1")
    stock(kitchen, sku="POT-1", price_minor=640_000)
    owner = person(email=FABRICS.email, password=PASSWORD, is_email_verified=True)
    add_member(shop_id=fabrics.pk, user_id=owner.pk, role=Role.OWNER, now=timezone.now())
    person(email=OPERATOR.email, password=PASSWORD, is_email_verified=True, is_operator=True)
    submitted()


def test_the_guide_from_top_to_bottom(transport: httpx.WSGITransport, paystack: SandboxProcess) -> None:
    open_market()
    market = httpx.Client(transport=transport)

    def send(sent: Sent) -> Answer:
        if "/sandbox/" in sent.url:
            return Answer(200, {}, paystack.call(sent.method, "/sandbox/" + sent.url.partition("/sandbox/")[2]))
        answer = market.request(sent.method, sent.url, headers=sent.headers, content=sent.body)
        return Answer(answer.status_code, dict(answer.headers), answer.json() if answer.content else None)

    def after(sent: Sent, answer: Answer) -> None:
        if "/sandbox/" in sent.url:  # as the provider's webhook brings about
            confirm_payment(reference=answer.body["data"]["reference"], now=timezone.now())

    values: dict[str, str] = {}
    steps = run_guide(GUIDE, send=send, values=values, after=after)
    assert len([step for step in steps if step.is_call]) == CALLS, "a call of the guide was not read, or one is new"
    assert values["AGAIN"] == "true"
    assert values["OPENED"] == "oshogbo-batik"


def test_the_guide_names_codes_and_headers_that_there_are() -> None:
    described = json.dumps([description_of(urlconf) for urlconf in URLCONFS])
    table = GUIDE[GUIDE.index("| Status |") : GUIDE.index("Every code that an operation")]
    codes = {word for word in table.split("`")[1::2] if word.islower() and "_" in word}
    assert len(codes) > 12
    assert {code for code in codes if f'"{code}"' not in described} == set()


GOOD = """
```sh
A=1
curl "http://x/$A/" -H "X-Key: two words" --json @- <<END
{"n": $A}
END
# 201, keep ID=.data[0].id, TAG=ETag
curl -X PATCH \\
  "http://x/$ID/"
# 200
```
```json
{"data": [{"id": "…"}, "…"]}
```
"""


def answers(*bodies: Any) -> Any:
    waiting = iter(bodies)
    return lambda _sent: Answer(200, {"etag": '"v"'}, next(waiting))


def test_commands_are_read_as_a_shell_reads_them() -> None:
    named, first, second = steps_of(GOOD)
    assert (named.is_call, first.status, first.keeps) == (False, 201, {"ID": ".data[0].id", "TAG": "ETag"})
    assert second.shown == [{"data": [{"id": "…"}, "…"]}]
    sent = read_call(first.command, {"A": "1"})
    assert (sent.method, sent.url, sent.headers["X-Key"], json.loads(sent.body or "")) == (
        *("POST", "http://x/1/", "two words"),
        {"n": 1},
    )
    assert read_call(second.command, {"ID": "7"}) == Sent("PATCH", "http://x/7/", {}, None)


@pytest.mark.parametrize(
    ("guide", "fault"),
    [
        (GOOD, "200 is not 201"),
        (GOOD.replace("201", "200").replace(".data[0].id", ".data[0].name"), "there is no .data"),
        (GOOD.replace("201", "200").replace("=ETag", "=Location"), "there is no header"),
        (GOOD.replace("201", "200").replace('"id": "…"', '"id": 9'), "is 7, not 9"),
        (GOOD.replace("201", "200").replace('"id": "…"', '"name": "…"'), "name is missing"),
        (GOOD.replace("$ID", "$NONE").replace("201", "200"), "NONE"),
        (GOOD.replace("# 200", ""), "Say the status"),
        (GOOD.replace("--json", "--data"), "not read here"),
    ],
)
def test_a_guide_that_is_not_so_is_caught(guide: str, fault: str) -> None:
    """The control."""
    body = {"data": [{"id": 7}, {"id": 8}]}
    with pytest.raises(GuideError, match=fault):
        run_guide(guide, send=answers(body, body), values={}, after=lambda *_: None)


def test_what_is_shown_is_a_part_of_the_answer() -> None:
    answered: dict[str, Any] = {"a": 1, "b": [{"c": True}, {"c": False}]}
    parts: list[Any] = [{}, {"a": 1}, {"b": [{"c": True}, "…"]}, {"b": "…"}, {"b": [{}, {}]}]
    assert {difference(part, answered) for part in parts} == {""}
    others: list[Any] = [{"a": True}, {"a": "1"}, {"b": [{}]}, {"b": []}, {"d": None}, {"b": [{}, {}, {}]}]
    assert "" not in {difference(other, answered) for other in others}
