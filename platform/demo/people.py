"""The demo's people."""

from accounts.models import User
from accounts.services.people import create_user
from demo.accounts import BUYER, OPERATOR, PASSWORD
from demo.goods import SHOPS

NAMES = {
    OPERATOR.email: "Halima Bello",
    BUYER.email: "Chidinma Okafor",
    "fabrics@kasuwa.test": "Morẹ́nikẹ́ Adéyẹmí",
    "kitchen@kasuwa.test": "Musa Ndagi",
}


def load_people() -> dict[str, User]:
    """Create the demo accounts and the other shops' owners; return them by e-mail address."""
    emails = [OPERATOR.email, BUYER.email, *(shop.owner for shop in SHOPS)]
    return {
        email: create_user(
            email=email,
            password=PASSWORD,
            name=NAMES.get(email, email.split("@")[0].title()),
            is_operator=email == OPERATOR.email,
            is_email_verified=True,
        )
        for email in emails
    }
