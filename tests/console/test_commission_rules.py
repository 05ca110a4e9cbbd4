"""Operators draft rules, try them on last month's orders, switch them on and end them, on pages and over the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from catalogue.discovery.models import Category
from checkout.commission import trials
from checkout.commission.announcing import announce_rules
from checkout.commission.trials import run_trials
from checkout.models import Order, SubOrder
from console.models import AuditEntry
from notifications.models import Email, Notification
from payouts.models import CommissionAnnouncement, CommissionRule, CommissionTrial
from tenants.models import Role, Shop
from tests.world.commission import rule_on
from tests.world.factories.catalogue import make_categories
from tests.world.ledger import without_triggers
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.own_shop import api, member, paid_order

pytestmark = pytest.mark.django_db
API, PAGE, WHY = "/api/v1/operator/commission-rules/", "/operator/commission/", "Agreed for the fair"
SOON = timedelta(minutes=11)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


@pytest.fixture
def program(operator: User) -> Any:
    return api(None, operator)


def rates(*stocked: Stocked) -> list[int]:
    order = buy(*(item.line() for item in stocked), now=timezone.now())
    return list(SubOrder.objects.filter(order_id=order.pk).order_by("number").values_list("commission_bps", flat=True))


def test_a_rule_from_its_draft_to_its_end_over_the_api(program: Any, cloth: Stocked) -> None:
    owner = member(cloth.shop, Role.OWNER)
    asked = {"name": "Fair", "slug": "cloth-hall", "percent_bps": 300, "reason": WHY}
    made = program.post(API, asked, headers={"Idempotency-Key": str(uuid4())})
    assert (made.status_code, made.json()["data"]["status"], rates(cloth)) == (201, "draft", [800])
    address = made["Location"]
    assert program.get(address)["ETag"] == made["ETag"]
    changed = program.patch(address, {"percent_bps": 200, "reason": WHY}, headers={"If-Match": made["ETag"]})
    assert changed.json()["data"]["percent_bps"] == 200
    stale = program.patch(address, {"percent_bps": 100, "reason": WHY}, headers={"If-Match": made["ETag"]})
    assert (stale.status_code, stale.json()["errors"]["current"]["percent_bps"]) == (412, 200)

    def act(name: str, at: str = "", **more: Any) -> Any:
        key = {"Idempotency-Key": str(uuid4())}
        return program.post(f"{at or address}{name}/", {"reason": WHY, **more}, headers=key)

    assert act("end").json()["code"] == "rule_not_on"
    on = act("switch-on")
    assert (on.json()["data"]["status"], rates(cloth)) == ("on", [200])
    assert act("switch-on").json()["code"] == "rule_is_on"
    assert program.patch(address, {"name": "X", "reason": WHY}).json()["code"] == "rule_is_on"
    other = program.post(API, asked | {"name": "Dearer"}, headers={"Idempotency-Key": str(uuid4())})["Location"]
    tie = act("switch-on", other)
    assert (tie.status_code, tie.json()["code"], tie.json()["errors"]["rule"]) == (
        409,
        "commission_tie",
        on.json()["data"]["id"],
    )
    assert act("switch-on", other, replaces=True).status_code == 200
    assert rates(cloth) == [300]
    assert act("end", other).json()["data"]["status"] == "ended"
    assert rates(cloth) == [800]
    never = program.post(API, asked | {"name": "Never"}, headers={"Idempotency-Key": str(uuid4())})["Location"]
    assert act("discard").json()["code"] == "rule_is_on"
    assert act("discard", never).json()["data"]["name"] == "Never"
    assert (program.get(never).status_code, act("discard", never).status_code) == (404, 404)
    listed = program.get(API, {"status": "ended", "shop": "cloth-hall"}).json()["data"]["results"]
    assert [each["name"] for each in listed] == ["Dearer", "Fair"]
    assert program.get(API, {"status": "draft"}).json()["data"]["results"] == []
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert [each.removeprefix("commission_rule.") for each in actions] == [
        *("drafted", "changed", "switched_on", "drafted", "ended", "switched_on", "ended", "drafted", "discarded"),
    ]
    assert not Email.objects.exists(), "what is published in some minutes is told together"
    announce_rules(now=timezone.now() + SOON)
    letter, notice = Email.objects.get(to=owner.email), Notification.objects.get(user=owner)
    assert letter.subject == notice.title == "2 commission rules change for Cloth Hall"
    assert "the rule “Fair” applies to new orders. It ends on " in letter.text
    assert "It applies to all products. It takes 2 % of the items." in letter.text
    assert "the rule “Dearer” applies to new orders. It ends on " in letter.text


def test_the_letter_names_the_category_that_a_rule_is_for(program: Any, cloth: Stocked) -> None:
    owner, key = member(cloth.shop), {"Idempotency-Key": str(uuid4())}
    asked = {"name": "Cloth", "slug": "cloth-hall", "category_id": make_categories()["fashion"], "percent_bps": 500}
    made = program.post(API, asked | {"reason": WHY}, headers=key)
    program.post(f"{made['Location']}switch-on/", {"reason": WHY}, headers={"Idempotency-Key": str(uuid4())})
    announce_rules(now=timezone.now() + SOON)
    assert "It applies to Fashion." in Notification.objects.get(user=owner).body


def test_a_rule_for_a_category_that_is_gone_stays_a_draft(program: Any) -> None:
    category = make_categories()["lighting"]
    asked = {"name": "Lamps", "category_id": category, "percent_bps": 500, "reason": WHY}
    made = program.post(API, asked, headers={"Idempotency-Key": str(uuid4())})
    Category.objects.filter(pk=category).delete()
    headers = {"Idempotency-Key": str(uuid4())}
    refused = program.post(f"{made['Location']}switch-on/", {"reason": WHY}, headers=headers)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["category_id"])
    assert program.get(made["Location"]).json()["data"]["status"] == "draft"


def test_what_does_not_exist_is_refused_by_field(program: Any, cloth: Stocked) -> None:
    def refused(**values: Any) -> list[str]:
        key = {"Idempotency-Key": str(uuid4())}
        answer = program.post(API, {"name": "Fair", "percent_bps": 1, "reason": WHY, **values}, headers=key)
        assert answer.status_code in {400, 404}
        return sorted(answer.json()["errors"] or [answer.json()["code"]])

    assert refused(category_id=999_999) == ["category_id"]
    assert refused(slug="cloth-hall", product_id=str(uuid4())) == ["product_id"]
    assert refused(plan_id=str(uuid4())) == ["plan_id"]
    assert refused(slug="no-such-shop") == ["shop_not_found"]
    assert refused(slug="cloth-hall", currency="GHS") == ["currency"]
    assert refused(fixed_minor=100) == ["currency"]
    assert refused(reason="") == ["reason"]
    assert not CommissionRule.objects.exists()
    right = {"slug": "cloth-hall", "product_id": str(cloth.product_id), "category_id": None}
    key = {"Idempotency-Key": str(uuid4())}
    answer = program.post(API, {"name": "Tote", "percent_bps": 1, "reason": WHY, **right}, headers=key)
    assert answer.status_code == 201


def test_plans_over_the_api(program: Any, cloth: Stocked) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    plan = program.post("/api/v1/operator/commission-plans/", {"name": "Plus", "reason": WHY}, headers=key).json()
    plan_id = plan["data"]["id"]
    assert program.get("/api/v1/operator/commission-plans/").json()["data"] == [{"id": plan_id, "name": "Plus"}]
    address = "/api/v1/operator/shops/cloth-hall/plan/"
    seen = program.get(address)
    assert seen.json()["data"]["plan"] is None
    put = program.put(address, {"plan_id": plan_id, "reason": WHY}, headers={"If-Match": seen["ETag"]})
    assert put.json()["data"]["plan"]["name"] == "Plus"
    stale = program.put(address, {"plan_id": None, "reason": WHY}, headers={"If-Match": seen["ETag"]})
    assert stale.status_code == 412
    rule_on("Plus", plan_id=plan_id, percent_bps=500, now=timezone.now())
    assert rates(cloth) == [500]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "commission_plan.added",
        "shop.plan_changed",
    ]


def test_a_trial_says_before_and_after_exactly_and_changes_nothing(
    program: Any, cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    pot, own = stock(open_shop("pot-house"), sku="POT"), stock(open_shop("own-rate", commission_bps=600), sku="OWN")
    for item in (cloth, cloth, pot, own):
        paid_order(item, quantity=2)
    with without_triggers():
        SubOrder.objects.filter(shop=pot.shop).update(commission={})  # as of an earlier release
    paid_order(cloth, now=now - timedelta(days=31))
    buy(cloth.line(), now=now)  # never paid
    ghost = rule_on("Shop", shop_id=own.shop.pk, percent_bps=100, starts_at=now + timedelta(days=900), now=now)
    before = list(SubOrder.objects.order_by("pk").values_list("pk", "commission_minor", "commission"))
    key = {"Idempotency-Key": str(uuid4())}
    asked = {"name": "All", "currency": "NGN", "percent_bps": 1_000, "cap_minor": 150_000, "reason": WHY}
    draft = program.post(API, asked, headers=key).json()["data"]["id"]
    assert program.get(f"{API}{draft}/try/").status_code == 404
    begun = program.post(f"{API}{draft}/try/", headers={"Idempotency-Key": str(uuid4())})
    assert (begun.status_code, begun.json()["data"]["is_complete"], begun.json()["data"]["orders"]) == (202, False, 4)

    monkeypatch.setattr(trials, "ORDERS_AT_ONCE", 1)
    assert run_trials(now=timezone.now()) == 1

    data = program.get(f"{API}{draft}/try/").json()["data"]
    assert (data["is_complete"], data["done"], data["problem"]) == (True, 4, "")
    rows = {row["shop"]["slug"]: row for row in data["shops"]}
    for slug, orders in (("cloth-hall", 2), ("pot-house", 1)):
        assert rows[slug] == {
            "shop": rows[slug]["shop"],
            "currency": "NGN",
            "orders": orders,
            "changed": orders,
            "before_minor": orders * 296_000,
            "after_minor": orders * 300_000,
            "difference_minor": orders * 4_000,
        }
    assert "own-rate" not in rows, "its own rate comes before a rule for all shops"
    [whole] = data["totals"]
    assert (whole["orders"], whole["changed"], whole["difference_minor"]) == (4, 3, 12_000)
    assert whole["before_minor"] == 3 * 296_000 + 222_000
    assert before == list(SubOrder.objects.order_by("pk").values_list("pk", "commission_minor", "commission"))
    assert run_trials(now=timezone.now()) == 0
    assert ghost.pk not in CommissionTrial.objects.values_list("rule_id", flat=True)


def test_a_trial_goes_on_where_it_stopped_and_counts_each_order_once(
    program: Any, cloth: Stocked, monkeypatch: pytest.MonkeyPatch, operator: User
) -> None:
    for _ in range(3):
        paid_order(cloth)
    Order.objects.update(placed_at=timezone.now() - timedelta(hours=1))  # at one moment: the id decides
    rule = rule_on("Cloth", shop_id=cloth.shop.pk, percent_bps=0, now=timezone.now())
    trial = trials.start_trial(rule=rule, actor_id=operator.pk, now=timezone.now())
    monkeypatch.setattr(trials, "ORDERS_AT_ONCE", 1)
    monkeypatch.setattr(trials, "SECONDS", 0.0)
    orders = trials._next_orders(trial)
    assert run_trials(now=timezone.now()) == 1, "out of time before the first"
    trial.refresh_from_db()
    assert (trial.done_count, trial.ended_at, len(orders)) == (0, None, 1)
    monkeypatch.setattr(trials, "SECONDS", 30.0)
    trial.last_placed_at, trial.last_order_id, trial.done_count = orders[0].placed_at, orders[0].pk, 1
    trial.save()
    assert run_trials(now=timezone.now() + timedelta(minutes=1)) == 1
    trial.refresh_from_db()
    assert trial.result["NGN"][str(cloth.shop.pk)] == [2, 2, 2 * 148_000, 0]
    assert (trial.done_count, trial.ended_at is not None) == (3, True)


def test_the_pages_lead_from_a_draft_to_a_rule_that_is_on(console: Client, cloth: Stocked) -> None:
    category = make_categories()["fashion"]
    assert "No rules yet" in console.get(PAGE).content.decode()
    wrong = console.post(f"{PAGE}new/", {"name": "Fair", "percent": "x", "fixed": "5", "slug": "nobody", "reason": WHY})
    assert (wrong.status_code, sorted(wrong.context["form"].errors)) == (422, ["currency", "percent", "slug"])
    entered = {"name": "Fair", "percent": "12.5", "category": category, "currency": "NGN", "fixed": "50", "cap": "900"}
    made = console.post(f"{PAGE}new/", {**entered, "reason": WHY})
    rule = CommissionRule.objects.get()
    page = f"{PAGE}{rule.pk}/"
    assert (made.status_code, made["Location"]) == (302, page)
    assert (rule.percent_bps, rule.fixed_minor, rule.cap_minor, rule.category_id) == (1_250, 5_000, 90_000, category)
    shown = console.get(page)
    assert "It takes 12.5 % of the items." in shown.content.decode()
    version = shown.context["version"]
    saved = console.post(page, {**entered, "percent": "12", "version": version, "reason": WHY})
    stale = console.post(page, {**entered, "percent": "11", "version": version, "reason": WHY})
    assert (saved.status_code, stale.status_code) == (302, 409)
    assert "Saved meanwhile: “12”." in stale.content.decode()
    assert console.post(f"{page}try/").status_code == 302
    assert "Orders computed: 0 of 0." in console.get(page).content.decode()
    run_trials(now=timezone.now())
    assert "No order was paid in this time." in console.get(page).content.decode()
    console.post(f"{page}switch-on/", {"reason": WHY, "version": version})
    rule.refresh_from_db()
    assert rule.switched_on_at is None, "seen in an older version"
    version = console.get(page).context["version"]
    console.post(f"{page}switch-on/", {"reason": "", "version": version})
    console.post(f"{page}switch-on/", {"reason": WHY, "version": version})
    rule.refresh_from_db()
    assert rule.switched_on_at is not None
    shown = console.get(page)
    assert (shown.context["is_draft"], shown.context["may_end"]) == (False, True)
    console.post(f"{page}end/", {"reason": WHY, "version": shown.context["version"], "ends_at": "no date"})
    console.post(f"{page}end/", {"reason": WHY, "version": shown.context["version"]})
    listed = console.get(PAGE, {"status": "ended"})
    assert [each.rule.pk for each in listed.context["rules"]] == [rule.pk]
    assert "Fashion" in listed.content.decode()
    assert "No matching rules" in console.get(PAGE, {"status": "draft"}).content.decode()
    assert [row.sentence.split(" ", 1)[1][:12] for row in console.get(page).context["entries"]] != []


def test_plans_on_pages(console: Client, cloth: Stocked) -> None:
    plans, page = f"{PAGE}plans/", "/operator/shops/cloth-hall/plan/"
    assert console.post(plans, {"name": "Plus", "reason": WHY}).status_code == 302
    assert console.post(plans, {"name": "Plus", "reason": WHY}).status_code == 422
    seen = console.get(page)
    plan_id = seen.context["form"].fields["plan"].choices[1][0]
    saved = console.post(page, {"plan": plan_id, "version": seen.context["version"], "reason": WHY})
    stale = console.post(page, {"plan": "", "version": seen.context["version"], "reason": WHY})
    assert (saved.status_code, stale.status_code) == (302, 409)
    assert "It is on the plan Plus." in console.get(page).content.decode()
    assert console.get(plans).context["plans"][0][1] == 1
    assert Shop.objects.filter(slug="cloth-hall").exists()


def test_the_page_says_when_a_rule_begins_who_is_told_and_when_and_counts_parts(
    program: Any, console: Client, cloth: Stocked
) -> None:
    owner, now = member(cloth.shop, Role.OWNER), timezone.now()
    paid_order(cloth)
    past, later = ((now + timedelta(days=days)).isoformat() for days in (-1, 1))
    asked = {"name": "Fair", "slug": "cloth-hall", "percent_bps": 300, "starts_at": past, "reason": WHY}
    key = {"Idempotency-Key": str(uuid4())}
    address = program.post(API, asked, headers=key).json()["data"]["id"]

    def page() -> str:
        return console.get(f"{PAGE}{address}/", HTTP_HOST="kasuwa.localhost").content.decode()

    over = "This time is in the past: the rule applies from the moment when it is switched on."
    assert over in page()
    assert (
        "Owners of the shops that it concerns get one letter, with the other rules that are switched on within 10"
        in page()
    )
    program.patch(f"{API}{address}/", {"starts_at": later, "reason": WHY})
    assert over not in page()
    program.patch(f"{API}{address}/", {"starts_at": past, "reason": WHY})
    program.post(f"{API}{address}/try/", headers={"Idempotency-Key": str(uuid4())})
    assert "Orders computed: 0 of 1." in page()
    run_trials(now=timezone.now())
    assert '<th scope="col" class="num">Parts</th>' in page()
    assert 'data-label="Parts">1<' in page()
    assert 'data-label="Orders"' not in page()

    program.post(f"{API}{address}/switch-on/", {"reason": WHY}, headers={"Idempotency-Key": str(uuid4())})
    due_at = timezone.localtime(CommissionAnnouncement.objects.get().due_at)
    assert timedelta(minutes=9) < due_at - now < timedelta(minutes=12)
    assert "0 shops that it concerns, by letter" in page()
    assert f"The letters go out from {date_format(due_at, 'j M Y, H:i T')} on." in page()
    assert over not in page()
    announce_rules(now=now + SOON)
    assert Email.objects.filter(to=owner.email).exists()
    assert "1 shop that it concerns, by letter" in page()
    assert "The letters go out" not in page()
