"""The demo's people, and the buyer's addresses."""

from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.services.addresses import AddressInput, add_address
from accounts.services.people import create_user
from demo.accounts import BUYER, OPERATOR, PASSWORD, SECOND_OPERATOR
from demo.goods import SHOPS

NAMES = {
    OPERATOR.email: "Halima Bello",
    SECOND_OPERATOR.email: "Tunde Bakare",
    BUYER.email: "Chidinma Okafor",
    "fabrics@kasuwa.test": "Morẹ́nikẹ́ Adéyẹmí",
    "kitchen@kasuwa.test": "Musa Ndagi",
    "clay@kasuwa.test": "Ladi Kwali",
    "records@kasuwa.test": "Femi Adekunle",
    "electric@kasuwa.test": "Chukwuemeka Nwosu",
    "leather@kasuwa.test": "Aisha Sani",
    "pantry@kasuwa.test": "Efua Mensah",
    "play@kasuwa.test": "Ngozi Eze",
}
PHONE = "+2348030000000"
ADDRESSES = (
    AddressInput(
        name=NAMES[BUYER.email],
        phone=PHONE,
        line1="14 Bode Thomas Street",
        line2="Flat 3",
        city="Surulere",
        state="Lagos",
        country="NG",
    ),
    AddressInput(
        name=NAMES[BUYER.email],
        phone=PHONE,
        line1="8 Aminu Kano Crescent",
        city="Wuse",
        state="Abuja Federal Capital Territory",
        country="NG",
    ),
)


def load_people() -> dict[str, User]:
    """Create the demo accounts and the other shops' owners; return them by e-mail address."""
    emails = [OPERATOR.email, SECOND_OPERATOR.email, BUYER.email, *(shop.owner for shop in SHOPS)]
    people = {
        email: create_user(
            email=email,
            password=None,
            name=NAMES[email],
            is_operator=email in {OPERATOR.email, SECOND_OPERATOR.email},
            is_email_verified=True,
        )
        for email in emails
    }
    known = make_password(PASSWORD)  # a hash takes a third of a second, and everybody's password is the same
    for person in people.values():
        person.password = known
        person.save(update_fields=["password"])
    home, office = ADDRESSES
    add_address(user_id=people[BUYER.email].pk, data=home)
    add_address(user_id=people[BUYER.email].pk, data=office, is_billing_default=True)
    return people
