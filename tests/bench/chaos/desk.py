"""What is done behind the counter meanwhile: parts sent, money given back or disputed, returns taken, shops paid."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from accounts.services.people import create_user
from checkout.models import Return, ReturnStatus, ReversedBy, SubOrder
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.reversals.reverse import Actor
from gateway.bank_accounts import ResolvedAccount
from kit.errors import DomainError
from payouts.models import UNDECIDED, Dispute, Payout, PayoutRun, RunStatus
from payouts.release.round import run_round
from payouts.services.bank_accounts import record_bank_account
from tenants.models import Shop
from tests.bench.chaos.buyers import Street
from tests.bench.chaos.calling import Caller, GivenUpError

BETWEEN_SECONDS = (0.0, 0.1)
ACTS = {
    "send": 8,
    "deliver": 8,
    "refund": 2,
    "ask_back": 4,
    "take_back": 3,
    "dispute": 1,
    "decide": 1,
    "release": 3,
    "run": 3,
    "approve": 3,
    "retry": 1,
}
WHY = "The shop has told us by phone."
SHOP = Actor(ReversedBy.SHOP)
PAID, SENT, ARRIVED = ("new", "packed"), ("shipped",), ("delivered",)


def open_accounts(shops: tuple[Shop, ...]) -> tuple[User, User]:
    """Give each shop a bank account that may be paid to; return two operators."""
    now = timezone.now()
    for shop in shops:
        account = ResolvedAccount("058", "Guaranty Trust Bank", f"{shop.pk:010d}", "OKAFOR ADAEZE")
        record_bank_account(shop=shop, resolved=account, verified_at=now, actor_id=None, now=now - timedelta(days=30))
    first, second = (
        create_user(email=f"operator-{number}@example.com", password=None, is_operator=True) for number in range(2)
    )
    return first, second


class Desk(threading.Thread):
    """One act after another, each over the API with a key of its own, until told to stop."""

    def __init__(self, caller: Caller, street: Street, operators: tuple[User, User], seed: str) -> None:
        super().__init__(name=f"desk {seed}", daemon=True)
        self._caller, self._host, self._sandbox, self._operators = caller, street.host, street.sandbox, operators
        self._random = random.Random(seed)

    def run(self) -> None:
        """Act again and again."""
        seen = self._caller.seen
        while not self._caller.ending.wait(self._random.uniform(*BETWEEN_SECONDS)):
            act = self._random.choices(list(ACTS), weights=list(ACTS.values()))[0]
            with _without_database():
                try:
                    with httpx.Client(timeout=15.0) as http:
                        if answer := getattr(self, f"_{act}")(http):
                            seen.outcomes[f"{act} {answer}"] += 1
                except GivenUpError:
                    seen.outcomes[f"{act} given up"] += 1
        connection.close()

    def _send(self, http: httpx.Client) -> str:
        """Let a part leave, for its shop."""
        return self._of_part(http, PAID, "shipments/")

    def _deliver(self, http: httpx.Client) -> str:
        return self._of_part(http, SENT, "shipments/1/deliver/")

    def _refund(self, http: httpx.Client) -> str:
        part = self._part((*PAID, *SENT, *ARRIVED))
        if part is None:
            return ""
        body: dict[str, Any] = {"sub_order": part.number, "reason": WHY}
        if self._random.random() < 0.5:
            body["amount_minor"] = self._random.randint(1, 20_000)
        else:
            body["lines"] = [{"line_id": part.lines[0]["variant_id"], "quantity": 1}]
        return self._operate(http, "refund", f"orders/{part.order.number}/refunds/", body)

    def _ask_back(self, http: httpx.Client) -> str:
        """The buyer of a delivered part asks to send a unit back."""
        part = self._part(ARRIVED)
        if part is None:
            return ""
        line = {"line_id": part.lines[0]["variant_id"], "quantity": 1}
        body = {"lines": [line], "reason": "It is torn."}
        headers = self._headers() | {"X-Order-Key": part.order.access_key}
        path = f"/api/v1/orders/{part.order.number}/returns/"
        return str(self._caller.ask(http, "ask back", path, body, headers).status_code)

    def _take_back(self, _: httpx.Client) -> str:
        """A shop accepts a return, or has received it, on another machine."""
        open_ones = Return.objects.filter(status__in=[ReturnStatus.REQUESTED, ReturnStatus.ACCEPTED])
        returns = list(open_ones.order_by("pk")[:50])
        if not returns:
            return ""
        chosen = self._random.choice(returns)
        if chosen.status == ReturnStatus.REQUESTED:
            words = "Bring it to our counter."
            move_return(return_id=chosen.pk, move=Move.ACCEPT, by=SHOP, now=timezone.now(), text=words)
            return "accepted"
        receive_return(Receipt(chosen.pk, SHOP), now=timezone.now())
        return "received"

    def _dispute(self, http: httpx.Client) -> str:
        """A buyer's bank takes a payment back, or an amount of it."""
        part = self._part((*PAID, *SENT, *ARRIVED))
        payment = part.order.payments.filter(captured_minor__gt=0).first() if part else None
        if payment is None:
            return ""
        body: dict[str, Any] = {"reference": payment.reference, "category": "chargeback"}
        if self._random.random() < 0.5:
            body["amount"] = self._random.randint(1, payment.captured_minor or 1)
        answer = self._caller.repeat(lambda: http.post(f"{self._sandbox}/sandbox/disputes", json=body))
        return str(answer.status_code)

    def _decide(self, http: httpx.Client) -> str:
        """A bank decides about a dispute."""
        undecided = list(Dispute.objects.filter(status__in=UNDECIDED).order_by("pk")[:20])
        if not undecided:
            return ""
        path = f"{self._sandbox}/sandbox/disputes/{self._random.choice(undecided).provider_id}/finish"
        body = {"resolution": self._random.choice(["declined", "auto-accepted"])}
        return str(self._caller.repeat(lambda: http.post(path, json=body)).status_code)

    def _release(self, _: httpx.Client) -> str:
        """The command of the release runs, on another machine."""
        return "some" if run_round(now=timezone.now()).released else ""

    def _run(self, http: httpx.Client) -> str:
        return self._operate(http, "run", "payout-runs/", {})

    def _approve(self, http: httpx.Client) -> str:
        waiting = PayoutRun.objects.filter(status=RunStatus.WAITING).order_by("pk").first()
        if waiting is None:
            return ""
        return self._operate(http, "approve", f"payout-runs/{waiting.pk}/approve/", None, by=1)

    def _retry(self, http: httpx.Client) -> str:
        failed = list(Payout.objects.exclude(problem="").order_by("-pk")[:20])
        if not failed:
            return ""
        return self._operate(http, "retry", f"payouts/{self._random.choice(failed).pk}/retry/", {"reason": WHY})

    def _of_part(self, http: httpx.Client, statuses: tuple[str, ...], step: str) -> str:
        part = self._part(statuses)
        if part is None:
            return ""
        return self._operate(http, step, f"orders/{part.order.number}/parts/{part.number}/{step}", {"reason": WHY})

    def _part(self, statuses: tuple[str, ...]) -> SubOrder | None:
        found = SubOrder.objects.filter(status__in=statuses).select_related("order").order_by("-pk")
        parts = list(found[:60])
        return self._random.choice(parts) if parts else None

    def _operate(self, http: httpx.Client, label: str, path: str, body: dict[str, Any] | None, *, by: int = 0) -> str:
        token = AccessToken.for_user(self._operators[by])
        headers = self._headers() | {"Authorization": f"Bearer {token}"}
        answer = self._caller.ask(http, label, f"/api/v1/operator/{path}", body, headers)
        return "done" if answer.status_code < HTTPStatus.BAD_REQUEST else str(answer.json()["code"])

    def _headers(self) -> dict[str, str]:
        return {"Host": self._host, "Idempotency-Key": f"{self._random.getrandbits(96):024x}"}


@contextmanager
def _without_database() -> Iterator[None]:
    """Go on where the database went away meanwhile, or refuses an act that is too late."""
    try:
        yield
    except (OperationalError, InterfaceError):
        connection.close()
    except DomainError:
        return
