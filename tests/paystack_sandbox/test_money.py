"""Fees of the sandbox are those Paystack publishes for Nigeria."""

import pytest

from paystack_sandbox.money import collection_fee, show, transfer_fee


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        (5_000, 75),  # under NGN 2,500 the NGN 100 is waived
        (249_999, 3_750),
        (250_000, 13_750),  # from NGN 2,500 on it is not
        (1_500_000, 32_500),
        (12_666_667, 200_000),  # the cap is NGN 2,000
        (500_000_000, 200_000),
    ],
)
def test_local_naira_fee(amount: int, fee: int) -> None:
    assert collection_fee(amount_minor=amount, currency="NGN", international=False) == fee


def test_international_fee_has_no_cap_and_no_waiver() -> None:
    assert collection_fee(amount_minor=100_000, currency="NGN", international=True) == 13_900
    assert collection_fee(amount_minor=500_000_000, currency="NGN", international=True) == 19_510_000


@pytest.mark.parametrize(
    ("amount", "fee"), [(500_000, 1_000), (500_001, 2_500), (5_000_000, 2_500), (5_000_001, 5_000), (10**12, 5_000)]
)
def test_naira_transfer_fee_rises_in_steps(amount: int, fee: int) -> None:
    assert transfer_fee(amount_minor=amount, currency="NGN") == fee


def test_amounts_are_shown_with_both_decimals() -> None:
    assert show(1_850_005, "NGN") == "NGN 18,500.05"
    assert show(-50, "NGN") == "-NGN 0.50"
