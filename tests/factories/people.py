"""People and their addresses."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Address, User
from accounts.services.people import create_user

PASSWORD = "four harmattan kites"


class UserFactory(DjangoModelFactory[User]):
    """Somebody with an account; the password is `PASSWORD` unless another is given."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Faker("name")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
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

    user = factory.SubFactory(UserFactory)
    name = factory.SelfAttribute("user.name")
    line1 = factory.Sequence(lambda n: f"{n} Ring Road")
    city = "Ibadan"
    state = "Oyo"
    country = "NG"
    phone = "+234 803 123 4567"
