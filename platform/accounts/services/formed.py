"""Confirmed addresses of people whose stored e-mail address has got another spelling."""

from allauth.account.models import EmailAddress

from accounts.models import User
from kit.stored.parts import RowsFormed
from kit.text.rules import spelled_email


def follow_formed_users(formed: RowsFormed) -> None:
    """Spell the addresses that people have confirmed as their accounts do."""
    if formed.model != User._meta.label or "email" not in formed.fields:  # noqa: SLF001 - documented
        return
    for user in User.objects.filter(pk__in=formed.keys).order_by("pk"):
        for address in EmailAddress.objects.filter(user=user).exclude(email=user.email).order_by("pk"):
            if spelled_email(address.email) == user.email:
                EmailAddress.objects.filter(pk=address.pk).update(email=user.email)
