"""Different fields of one address, changed at once: all are kept; from an earlier reading, all but one are lost."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier

from accounts.models import Address, User
from accounts.services.addresses import AddressInput, add_address, revise_address, update_address
from accounts.services.people import update_profile
from tests.world.factories.people import person
from tests.world.races import all_at_once

FIELDS = ({"city": "Kano"}, {"line2": "Third floor"}, {"postcode": "700001"})
HOME = AddressInput(
    name="Ada Obi", line1="1 Marina", city="Lagos", state="Lagos", country="NG", phone="+234 803 123 4567"
)


def said(address: Address) -> AddressInput:
    return AddressInput(**{name: getattr(address, name) for name in AddressInput.__dataclass_fields__})


def kept(address: Address) -> int:
    address.refresh_from_db()
    return sum(getattr(address, name) == value for field in FIELDS for name, value in field.items())


def test_changes_of_different_fields_of_an_address_are_all_kept(live_database: str) -> None:
    user = person()
    address = add_address(user_id=user.pk, data=HOME)

    def work(number: int) -> str:
        revise_address(
            user_id=user.pk, address_id=address.pk, revise=lambda found: replace(said(found), **FIELDS[number])
        )
        return "done"

    assert all_at_once(work, len(FIELDS)) == {"done": len(FIELDS)}
    assert kept(address) == len(FIELDS)


def test_changes_of_an_earlier_reading_of_an_address_are_lost(live_database: str) -> None:
    user = person()
    address = add_address(user_id=user.pk, data=HOME)
    everybody_has_read = Barrier(len(FIELDS))

    def work(number: int) -> str:
        read = said(Address.objects.get(pk=address.pk))
        everybody_has_read.wait(timeout=60)
        update_address(user_id=user.pk, address_id=address.pk, data=replace(read, **FIELDS[number]))
        return "done"

    assert all_at_once(work, len(FIELDS)) == {"done": len(FIELDS)}
    assert kept(address) == 1


def test_a_profile_keeps_what_was_not_sent(live_database: str) -> None:
    user = person()
    one, other = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)
    update_profile(user=one, name="Ada Obi-Eze")
    update_profile(user=other, phone="+234 803 765 4321")
    user.refresh_from_db()
    assert (user.name, user.phone) == ("Ada Obi-Eze", "+2348037654321")
