"""Invitations for tests: sent, and their links taken out of the letters."""

import re
from datetime import datetime

from django.core import mail
from django.utils import timezone

from notifications.models import Email
from tenants.models import Role, Shop
from tenants.shops.selectors import members_of
from tenants.staff.invitations import invite_member


def invite(shop: Shop, email: str, role: Role, *, now: datetime | None = None) -> str:
    """Have a shop's first member invite somebody; return the link's token."""
    owner_id = members_of(shop_id=shop.pk)[0].user_id
    invite_member(shop_id=shop.pk, email=email, role=role, invited_by_id=owner_id, now=now or timezone.now())
    return token_of(email)


def token_of(email: str) -> str:
    """The token in the latest letter to somebody, sent (and emptied since) or not."""
    letter = Email.objects.filter(to=email.strip().lower()).latest("pk")
    text = letter.text or str(mail.outbox[-1].body)
    found = re.search(r"/invitations/([\w-]+)/", text)
    assert found, text
    return found[1]
