"""Approval without an operator, where the market is set up so."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tenants.applications.services.decisions import approve_application
from tenants.errors import SlugTakenError
from tenants.models import AccountState, ShopApplication


def approve_by_itself(*, application: ShopApplication, now: datetime) -> None:
    """Approve an application that waits and whose bank account has a holder's name; needs an open transaction.

    An application whose address another shop got meanwhile is left to the operators.
    """
    is_ready = application.is_waiting and application.account_state == AccountState.RESOLVED
    if not settings.SHOP_SELF_SERVICE_APPROVAL or not is_ready:
        return
    try:
        with transaction.atomic():
            approve_application(application_id=application.pk, actor_id=None, now=now)
    except SlugTakenError:
        return
    application.refresh_from_db()
