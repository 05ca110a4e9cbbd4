"""Who works in a shop."""

from datetime import datetime

from django.db import IntegrityError, transaction
from psycopg import errors

from tenants.errors import AlreadyMemberError
from tenants.models import Membership, Role


def add_member(*, shop_id: int, user_id: int, role: Role, now: datetime) -> Membership:
    """Let a person work in a shop.

    Raises:
        AlreadyMemberError: the person works there already; the role stays as it is.
    """
    try:
        with transaction.atomic():
            return Membership.objects.create(shop_id=shop_id, user_id=user_id, role=role, created_at=now)
    except IntegrityError as error:
        if isinstance(error.__cause__, errors.UniqueViolation):
            raise AlreadyMemberError from error
        raise
