"""Requests of a load's clients; no Django here, so that a client starts at once."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Generator
from typing import Any
from urllib.parse import urlencode

from tests.bench.core.load import Answer, Asked, Scenario

BUSY = 503  # so many at once that the front lets no more in; it says when to ask again
ADDRESS = {
    "name": "Ada Obi",
    "line1": "12 Bode Thomas Street",
    "city": "Surulere",
    "state": "Lagos",
    "country": "NG",
    "phone": "+2348012345678",
}


def ask(
    method: str, path: str, *, host: str, rnd: random.Random, body: Any = None, headers: dict[str, str] | None = None
) -> bytes:
    """Put a request together, from a buyer with an address of their own."""
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    buyer = f"10.{rnd.randrange(256)}.{rnd.randrange(256)}.{rnd.randrange(1, 255)}"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"X-Forwarded-For: {buyer}", "Accept: application/json"]
    if body is not None:
        lines += [f"Content-Length: {len(content)}"]
        if "Content-Type" not in (headers or {}):
            lines += ["Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def _outcome(answer: Answer, good: int = 200) -> str:
    return "done" if answer.status == good else "refused" if answer.status < 500 else "failed"


def checkout(rnd: random.Random, arguments: dict[str, Any]) -> Scenario:
    """A guest puts something of each of some shops in a basket, in one call, and orders it.

    `shelves` holds, shop by shop, the variants on sale; `codes`, where they are given, a coupon of each.
    """
    host = arguments["host"]
    shops = rnd.sample(range(len(arguments["shelves"])), arguments["shops"])
    lines = [{"variant_id": rnd.choice(arguments["shelves"][shop]), "quantity": 1} for shop in shops]
    answer = yield "fill", ask("PUT", "/api/v1/cart/items/", host=host, rnd=rnd, body=lines)
    if answer.status != 200:
        return "sold out" if answer.status == 409 else _outcome(answer)
    token = answer.header(b"x-cart-token")
    order: dict[str, Any] = {"email": f"buyer-{rnd.randrange(10**9)}@example.com", "shipping_address": ADDRESS}
    if "codes" in arguments:
        order["coupons"] = [arguments["codes"][shop] for shop in shops]
    headers = {"X-Cart-Token": token, "Idempotency-Key": f"{rnd.getrandbits(96):024x}"}
    answer = yield "order", ask("POST", "/api/v1/checkout/", host=host, rnd=rnd, body=order, headers=headers)
    if answer.status == 409:
        return "sold out"
    return _outcome(answer, 201)


def flash_sale(rnd: random.Random, arguments: dict[str, Any]) -> Scenario:
    """A guest takes a place before a sale opens, asks again and again, and orders when it is their turn.

    `let_in`, shared by all, is the largest number that was let in: buyers with a smaller one who are told to wait after
    that were overtaken.
    """
    host, state = arguments["host"], arguments.setdefault("let_in", [0])
    room = f"/api/v1/waiting-rooms/{arguments['listing']}/"
    answer = yield from _insist("enter", ask("POST", room, host=host, rnd=rnd))
    if answer.status != 200:
        return _outcome(answer)
    headers = {"X-Cart-Token": answer.header(b"x-cart-token"), "Idempotency-Key": f"{rnd.getrandbits(96):024x}"}
    place = json.loads(answer.body)["data"]
    number, was_overtaken = place["people_before"] + 1, False
    while place["state"] == "waiting":
        before = state[0]
        answer = yield from _insist("ask", ask("GET", room, host=host, rnd=rnd, headers=headers))
        place = json.loads(answer.body)["data"]
        was_overtaken |= place["state"] == "waiting" and number < before
    if was_overtaken:
        return "overtaken"
    if place["state"] == "sold_out":
        return "sold out"
    state[0] = max(state[0], number)
    line = [{"variant_id": arguments["variant"], "quantity": 1}]
    order = {"email": f"buyer-{rnd.randrange(10**9)}@example.com", "shipping_address": ADDRESS}
    fill = ask("PUT", "/api/v1/cart/items/", host=host, rnd=rnd, body=line, headers=headers)
    answer = yield from _insist("fill", fill)
    if answer.status == 200:
        place_order = ask("POST", "/api/v1/checkout/", host=host, rnd=rnd, body=order, headers=headers)
        answer = yield from _insist("order", place_order)
    return "sold out" if answer.status == 409 else _outcome(answer, 201)


def _insist(label: str, request: bytes) -> Generator[Asked, Answer, Answer]:
    """Ask again for as long as the market is busy, as its answer says."""
    answer = yield label, request
    while answer.status == BUSY:
        answer = yield label, request
    return answer


def read(rnd: random.Random, arguments: dict[str, Any]) -> Scenario:
    """A visitor reads one of some addresses; `{n}` in one becomes a number nobody has asked for before."""
    path = rnd.choice(arguments["paths"]).replace("{n}", str(rnd.randrange(10**8, 10**9)))
    return _outcome((yield "read", ask("GET", path, host=arguments["host"], rnd=rnd)))


def read_each(rnd: random.Random, arguments: dict[str, Any]) -> Scenario:
    """A visitor reads one of some addresses that nobody reads twice."""
    path = arguments["paths"].pop()
    return _outcome((yield "read", ask("GET", path, host=arguments["host"], rnd=rnd)))


def floor_order(rnd: random.Random, arguments: dict[str, Any]) -> Scenario:
    """The yardstick's order."""
    body = {"product": rnd.randrange(1, arguments["products"] + 1), "quantity": 1}
    return _outcome((yield "order", ask("POST", "/order/", host=arguments["host"], rnd=rnd, body=body)), 201)


def webhook(rnd: random.Random, arguments: dict[str, Any]) -> Scenario:
    """The provider tells of a payment, in words and with a signature like its own."""
    event = arguments["event"] | {"data": arguments["event"]["data"] | {"reference": f"ks-{rnd.getrandbits(80):020x}"}}
    body = json.dumps(event).encode()
    signature = hmac.new(arguments["secret"].encode(), body, hashlib.sha512).hexdigest()
    headers = {"X-Paystack-Signature": signature}
    asked = ask("POST", "/webhooks/paystack/", host=arguments["host"], rnd=rnd, body=body, headers=headers)
    return _outcome((yield "event", asked))


def oscar_order(rnd: random.Random, arguments: dict[str, Any]) -> Scenario:
    """A guest of an Oscar shop puts one thing into the basket and orders it, by the forms that cannot be left out."""
    jar = {"csrftoken": f"{rnd.getrandbits(128):032x}"}
    guest = {"username": f"buyer-{rnd.randrange(10**9)}@example.com", "options": "anonymous"}
    address = {"first_name": "Ada", "last_name": "Obi", "line1": ADDRESS["line1"], "line4": ADDRESS["city"]}
    address |= {"postcode": "101283", "state": ADDRESS["state"], "country": "NG", "phone_number": ADDRESS["phone"]}
    steps: list[tuple[str, str, dict[str, str] | None]] = [
        ("add", f"/basket/add/{rnd.randrange(1, arguments['products'] + 1)}/", {"quantity": "1"}),
        ("guest", "/checkout/", guest),
        ("address", "/checkout/shipping-address/", address),
        ("method", "/checkout/shipping-method/", None),
        ("order", "/checkout/preview/", {"action": "place_order"}),
    ]
    for label, path, form in steps:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        if form is None:
            asked = ask("GET", path, host=arguments["host"], rnd=rnd, headers=headers)
        else:
            body = urlencode({**form, "csrfmiddlewaretoken": jar["csrftoken"]}).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            asked = ask("POST", path, host=arguments["host"], rnd=rnd, body=body, headers=headers)
        answer = yield label, asked
        if answer.status != 302:
            return _outcome(answer, 302) if answer.status >= 400 else "refused"
        for line in answer.head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"set-cookie":
                key, _, content = value.strip().decode().partition(";")[0].partition("=")
                jar[key] = content
    return "done" if "thank-you" in answer.header(b"location") else "refused"
