"""The same call twice at once is done once; without the claim it is done twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from accounts.models import User
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member
from tests.world.races import after_all, all_at_once

pytestmark = pytest.mark.usefixtures("live_database")
THREADS = 2


@pytest.fixture
def cloth() -> Stocked:
    return stock(open_shop("cloth-hall"))


def race(cloth: Stocked, owner: User) -> Counter[tuple[int, str]]:
    path = f"/api/v1/stock/{cloth.variant_id}/"

    def call(_: int) -> tuple[int, str]:
        answer = api(cloth.shop, owner).patch(path, {"delta": 4}, headers={"Idempotency-Key": "k"})
        return answer.status_code, answer.json().get("code", answer.headers.get("Idempotent-Replayed", "done"))

    return all_at_once(call, THREADS)


def test_one_of_two_calls_with_a_key_moves_the_stock(cloth: Stocked) -> None:
    owner, before = member(cloth.shop), cloth.level()[0]
    outcomes = race(cloth, owner)
    assert cloth.level()[0] == before + 4
    assert outcomes[200, "done"] == 1
    assert outcomes.keys() <= {(200, "done"), (200, "true"), (409, "idempotency_key_in_use")}


def test_without_the_claim_both_move_it(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both have looked for the key before either has moved anything."""
    looked: Any = after_all(lambda **_: None, THREADS)
    monkeypatch.setattr("kit.api.idempotent.claim_call", looked)
    monkeypatch.setattr("kit.api.idempotent.keep_answer", lambda **_: True)
    owner, before = member(cloth.shop), cloth.level()[0]
    assert race(cloth, owner)[200, "done"] == THREADS
    assert cloth.level()[0] == before + 4 * THREADS
