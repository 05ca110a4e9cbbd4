"""The client library that merchants use works against the sandbox unchanged."""

from collections.abc import Iterator

import pytest
from pypaystack2 import PaystackClient
from pypaystack2.base_clients import AbstractAPIClient
from pypaystack2.enums import Country, Currency, RecipientType
from pypaystack2.models.payload_models import TransferInstruction

from tests.world.sandbox import KEY, Bench, open_bench

PAYOUT = "payout-0000000001-a1"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("client")) as bench:
        yield bench


@pytest.fixture
def paystack(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> PaystackClient:
    monkeypatch.setattr(AbstractAPIClient, "_BASE_URL", bench.sandbox.url)
    bench.reset()
    return PaystackClient(secret_key=KEY)


def test_a_payment(bench: Bench, paystack: PaystackClient) -> None:
    started = paystack.transactions.initialize(
        amount=1_500_000, email="ada@example.com", reference="order-1", currency=Currency.NGN
    )
    assert started.status_code == 200
    assert started.data.reference == "order-1"

    bench.pay("order-1")

    verified = paystack.transactions.verify("order-1")
    assert (verified.data.status, verified.data.amount, verified.data.fees) == ("success", 1_500_000, 32_500)
    assert verified.raw["data"]["customer"]["email"] == "ada@example.com"
    fetched = paystack.transactions.get_transaction(verified.data.id)
    assert fetched.data.reference == "order-1"
    assert [line.reference for line in paystack.transactions.get_transactions().data] == ["order-1"]
    hook = bench.merchant.next()
    assert paystack.is_verified_webhook_payload(hook.body, hook.signature)


def test_an_error_is_an_answer(paystack: PaystackClient) -> None:
    answer = paystack.transactions.verify("unknown")

    assert (answer.status_code, answer.status) == (404, False)
    assert answer.message == "Transaction reference not found."


def test_a_transfer(bench: Bench, paystack: PaystackClient) -> None:
    bench.post("/sandbox/balance", {"amount": 2_000_000})
    recipient = paystack.transfer_recipients.create(
        type_=RecipientType.NUBAN, name="Indigo Fabrics", account_number="0123456789", bank_code="057"
    )
    code = recipient.data.recipient_code

    sent = paystack.transfers.initiate(amount=810_000, recipient=code, reference=PAYOUT, reason="Payout")
    assert (sent.status_code, sent.raw["data"]["status"]) == (200, "pending")
    bulk = paystack.transfers.bulk_transfer(
        [TransferInstruction(amount=1_000, recipient=code, reference="payout-0000000002-a1", reason="Payout")]
    )
    assert bulk.status_code == 200

    bench.post(f"/sandbox/transfers/{PAYOUT}/finish", {"status": "success"})

    assert paystack.transfers.verify(PAYOUT).raw["data"]["status"] == "success"
    assert len(paystack.transfers.get_transfers().raw["data"]) == 2
    assert paystack.transfer_control.check_balance().raw["data"][0]["balance"] == bench.balance()


def test_a_refund(bench: Bench, paystack: PaystackClient) -> None:
    reference = bench.paid()

    refund = paystack.refunds.create(transaction=reference, amount=300_000, merchant_note="refund 7")

    assert refund.raw["data"]["status"] == "pending"
    assert paystack.refunds.get_refund(str(refund.raw["data"]["id"])).raw["data"]["amount"] == 300_000
    assert len(paystack.refunds.get_refunds(transaction=reference, currency=Currency.NGN).raw["data"]) == 1


def test_banks(paystack: PaystackClient) -> None:
    banks = paystack.miscellaneous.get_banks(country=Country.NIGERIA)
    resolved = paystack.verification.resolve_account_number(account_number="0123456789", bank_code="057")

    assert "Zenith Bank" in [bank.name for bank in banks.data]
    assert resolved.data.account_number == "0123456789"
