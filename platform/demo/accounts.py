"""The people of the demonstration market; they exist on one machine only."""

from dataclasses import dataclass

PASSWORD = "market-day-7"  # noqa: S105 - printed on purpose; production settings refuse demo data


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo account and its shop; an empty `shop` means the platform itself."""

    email: str
    role: str
    shop: str = ""


OPERATOR = DemoAccount("operator@kasuwa.test", "operator")
SECOND_OPERATOR = DemoAccount("operator2@kasuwa.test", "second operator, who approves what the first has made")
FABRICS = DemoAccount("fabrics@kasuwa.test", "owner", "indigo-fabrics")
KITCHEN = DemoAccount("kitchen@kasuwa.test", "owner", "copper-kitchen")
BUYER = DemoAccount("buyer@kasuwa.test", "buyer")
ACCOUNTS = (OPERATOR, SECOND_OPERATOR, FABRICS, KITCHEN, BUYER)
