# mypy: disable-error-code="no-untyped-call"
"""People and their addresses."""

from typing import Any

from factory.declarations import SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory
from factory.faker import Faker

from accounts.models import Address, User
from accounts.services.people import create_user

PASSWORD = "four harmattan kites"


class UserFactory(DjangoModelFactory[User]):
    """A user with an account; the password is `PASSWORD` unless another is given."""

    class Meta:
        model = User

    email = Sequence(lambda n: f"person{n}@example.com")
    name = Faker("name")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:  # noqa: ARG003 - factory-boy sends them
        is_active = kwargs.pop("is_active", True)
        user = create_user(**kwargs)
        if not is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
        return user


class AddressFactory(DjangoModelFactory[Address]):
    """An address in somebody's book."""

    class Meta:
        model = Address

    user = SubFactory(UserFactory)
    name = SelfAttribute("user.name")
    line1 = Sequence(lambda n: f"{n} Ring Road")
    city = "Ibadan"
    state = "Oyo"
    country = "NG"
    phone = "+234 803 123 4567"


def person(**fields: Any) -> User:
    """Make one person."""
    return UserFactory.create(**fields)


def address_of(user: User | None = None, **fields: Any) -> Address:
    """Make an address in a person's book, or in a new person's."""
    return AddressFactory.create(user=user or person(), **fields)
