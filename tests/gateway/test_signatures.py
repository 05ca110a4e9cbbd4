"""Signatures over raw bytes."""

import json

import pytest

from gateway.paystack.signatures import is_paystack_signature, paystack_signature
from tests.world.payments import SAMPLES, needs_samples

KEY = "sk_test_fixture_not_a_real_key"
BODY = b'{"event":"charge.success","data":{"amount":1500000}}'


def sample_names() -> list[str]:
    return sorted(path.name for path in (SAMPLES / "webhooks").glob("[0-9]*.json")) or ["none"]


@needs_samples
@pytest.mark.parametrize("name", sample_names())
def test_published_samples_verify(name: str) -> None:
    published = json.loads((SAMPLES / "webhooks" / "signatures.json").read_text())
    body = (SAMPLES / "webhooks" / name).read_bytes()

    assert is_paystack_signature(body=body, signature=published["signatures"][name], secret_key=published["secret_key"])


def test_the_same_json_in_other_bytes_does_not_verify() -> None:
    signature = paystack_signature(body=BODY, secret_key=KEY)

    assert is_paystack_signature(body=BODY, signature=signature, secret_key=KEY)
    assert not is_paystack_signature(body=json.dumps(json.loads(BODY)).encode(), signature=signature, secret_key=KEY)


@pytest.mark.parametrize("signature", ["", "0" * 128, "Ω" * 128, "ÿ"])
def test_what_is_no_signature_is_refused_without_an_error(signature: str) -> None:
    assert not is_paystack_signature(body=BODY, signature=signature, secret_key=KEY)


def test_without_a_key_nothing_is_genuine() -> None:
    signature = paystack_signature(body=BODY, secret_key="")

    assert not is_paystack_signature(body=BODY, signature=signature, secret_key="")
