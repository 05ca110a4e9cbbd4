"""Decisions on applications: one each, by the operator who comes first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from accounts.selectors import is_email_verified
from kit.wiring import Moment, tell
from tenants.applications.errors import ApplicationNotWaitingError, MessageMissingError
from tenants.applications.selectors import lock_application
from tenants.applications.services.history import append_entry, notify_applicant, speaking_to_applicant, tell_applicant
from tenants.life.provisioning import provision_shop
from tenants.models import (
    AccountState,
    ApplicationEntryKind,
    ApplicationStatus,
    Role,
    Shop,
    ShopApplication,
    ShopEventKind,
    ShopStatus,
)
from tenants.shops.addresses import shop_url
from tenants.shops.audit_trail import record_event
from tenants.staff.invitations import invite_member


@dataclass(frozen=True, slots=True)
class ApplicationApproved(Moment):
    """An application was approved, in the transaction that makes its shop; without an actor it was automatic."""

    application: ShopApplication
    shop: Shop
    actor_id: int | None
    now: datetime

    @property
    def has_account(self) -> bool:
        """Return whether the bank has named the account."""
        return self.application.account_state == AccountState.RESOLVED


def approve_application(*, application_id: UUID, actor_id: int | None, now: datetime) -> Shop:
    """Open the shop that was applied for, as a draft, and let its owner in.

    Who applied with an account and has proved its address becomes the owner at once. Everybody else is invited by
    e-mail, which proves the address.

    Raises:
        ApplicationNotWaitingError: it has been decided, or was not sent.
        SlugTakenError: another shop has taken the address meanwhile.
    """
    with transaction.atomic():
        application = _lock_waiting(application_id)
        applicant = application.applicant
        is_known = applicant is not None and is_email_verified(user=applicant)
        shop = provision_shop(
            slug=application.slug,
            name=application.shop_name,
            owner_id=application.applicant_id if is_known else None,
            now=now,
            status=ShopStatus.DRAFT,
            country=application.country,
            currency=application.currency,
            city=application.city,
            contact_email=application.email,
            contact_phone=application.phone[:30],
        )
        application.shop = shop
        _decide(application, ApplicationStatus.APPROVED, now)
        entry = append_entry(application=application, actor_id=actor_id, kind=ApplicationEntryKind.APPROVED, now=now)
        record_event(
            shop_id=shop.pk,
            actor_id=actor_id,
            kind=ShopEventKind.PROVISIONED,
            subject=shop.slug,
            details={"application": str(application.pk), "by_itself": actor_id is None},
            now=now,
        )
        tell(ApplicationApproved(application, shop, actor_id, now))
        if not is_known:
            invite_member(
                shop_id=shop.pk,
                email=applicant.email if applicant else application.email,
                role=Role.OWNER,
                invited_by_id=actor_id,
                now=now,
                is_asked_by_shop=False,
                letter="application_approved_invitation",
            )
        else:
            link = shop_url(shop, "/dashboard/setup/")
            tell_applicant(application=application, template="application_approved", now=now, entry=entry, link=link)
            with speaking_to_applicant(application):
                body = gettext("It is still closed to buyers: a few things to set up, then you open it.")
                notify_applicant(
                    application=application,
                    title=(gettext("%(shop)s is yours") % {"shop": shop.name}),
                    body=body,
                    entry=entry,
                )
    return shop


def ask_for_more(*, application_id: UUID, actor_id: int, message: str, now: datetime) -> ShopApplication:
    """Return an application to the applicant, with a message.

    Raises:
        MessageMissingError: the message is empty.
        ApplicationNotWaitingError: it has been decided, or was not sent.
    """
    if not message.strip():
        raise MessageMissingError(details={"message": [MessageMissingError.default_message]})
    with transaction.atomic():
        application = _lock_waiting(application_id)
        application.status, application.updated_at = ApplicationStatus.MORE_NEEDED, now
        application.save(update_fields=["status", "updated_at"])
        entry = append_entry(
            application=application,
            actor_id=actor_id,
            kind=ApplicationEntryKind.MORE_ASKED,
            message=message,
            now=now,
        )
        tell_applicant(application=application, template="application_more_needed", now=now, entry=entry)
        with speaking_to_applicant(application):
            title = gettext("%(shop_name)s: we need something from you") % {"shop_name": application.shop_name}
            notify_applicant(application=application, title=title, body=entry.message, entry=entry)
    return application


def refuse_application(*, application_id: UUID, actor_id: int, reason: str, now: datetime) -> ShopApplication:
    """Refuse an application, with a reason.

    Raises:
        MessageMissingError: no reason is given.
        ApplicationNotWaitingError: it has been decided, or was not sent.
    """
    if not reason.strip():
        raise MessageMissingError(details={"reason": [MessageMissingError.default_message]})
    with transaction.atomic():
        application = _lock_waiting(application_id)
        _decide(application, ApplicationStatus.REFUSED, now)
        entry = append_entry(
            application=application, actor_id=actor_id, kind=ApplicationEntryKind.REFUSED, message=reason, now=now
        )
        tell_applicant(application=application, template="application_refused", now=now, entry=entry)
        with speaking_to_applicant(application):
            title = gettext("We can't open %(shop_name)s") % {"shop_name": application.shop_name}
            notify_applicant(application=application, title=title, body=entry.message, entry=entry)
    return application


def _lock_waiting(application_id: UUID) -> ShopApplication:
    application = lock_application(application_id=application_id)
    if not application.is_waiting:
        raise ApplicationNotWaitingError
    return application


def _decide(application: ShopApplication, status: ApplicationStatus, now: datetime) -> None:
    application.status = status
    application.decided_at = application.updated_at = now
    application.save(update_fields=["shop", "status", "decided_at", "updated_at"])
