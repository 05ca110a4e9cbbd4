"""Hosts of shops, and the domains that shops claim."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext, gettext_lazy
from django_tenants.models import DomainMixin

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from kit.text.parts import parts_index
from tenants.models.shops import Shop

HOST_NAME = r"^[a-z0-9-]+(\.[a-z0-9-]+)*$"
TXT_LABEL = "_kasuwa"
TXT_PREFIX = "kasuwa-verify="


class Domain(DomainMixin):
    """A host name of a shop: the one below the platform's domain, or a verified domain."""

    objects: ClassVar[models.Manager["Domain"]] = models.Manager()

    domain = models.CharField(max_length=253, unique=True)
    tenant = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="domains")
    is_primary = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True, blank=True, help_text="Since when; empty for the platform's own.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary_each"
            ),
            models.CheckConstraint(condition=models.Q(domain__regex=HOST_NAME), name="domain_is_a_host_name"),
            # Target of `Shop.primary_host`, together with the shop.
            models.UniqueConstraint(fields=["tenant", "domain"], name="domain_of_shop"),
        ]
        indexes = [parts_index("domain_parts", "domain")]

    def __str__(self) -> str:
        return self.domain


class DomainProblem(models.TextChoices):
    """Reason why a claimed domain is not verified."""

    NO_RECORD = "no_record", gettext_lazy("We found no TXT record at this name.")
    WRONG_VALUE = "wrong_value", gettext_lazy("There is a TXT record at this name, but not with this value.")
    TIMED_OUT = "timed_out", gettext_lazy("The domain’s name servers did not answer in time.")
    FAILED = "failed", gettext_lazy("The domain’s name servers could not answer.")
    TAKEN = (
        "taken",
        gettext_lazy("Another shop has proved that it controls this domain. It must remove it there first."),
    )


class DomainClaim(LeasedWork):
    """A shop's claim to a domain, with the proof that it has to put into the DNS.

    Any number of shops may claim a domain; who proves it gets the `Domain` row, of which there is one.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="domain_claims")
    host = models.CharField(max_length=245, help_text="In lower case, in its ASCII form.")
    token = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(
        default=0, db_default=0, db_column="checks", help_text="In a row without success."
    )
    problem = models.CharField(max_length=12, choices=DomainProblem, blank=True)
    due_at = models.DateTimeField(
        null=True, blank=True, db_column="next_check_at", help_text="Empty: only when somebody asks."
    )
    give_up_at = models.DateTimeField(help_text="When we stop to look by ourselves.")
    missing_since = models.DateTimeField(null=True, blank=True, help_text="Since when a proof that was there is not.")
    warned_at = models.DateTimeField(null=True, blank=True, help_text="When the owners were told of that.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "host"], name="domain_claim_once_each"),
            models.CheckConstraint(condition=models.Q(host__regex=HOST_NAME), name="domain_claim_is_a_host_name"),
            models.CheckConstraint(
                condition=models.Q(problem__in=["", *DomainProblem.values]), name="domain_claim_problem_known"
            ),
            models.CheckConstraint(
                condition=models.Q(warned_at__isnull=True) | models.Q(missing_since__isnull=False),
                name="domain_claim_warned_of_something",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="domain_claim_due")]

    def __str__(self) -> str:
        return gettext("%(host)s claimed by %(shop_id)s") % {"host": self.host, "shop_id": self.shop_id}

    @property
    def record_name(self) -> str:
        """Return the name of the DNS record of the proof."""
        return f"{TXT_LABEL}.{self.host}"

    @property
    def record_value(self) -> str:
        """Return the value of the DNS record of the proof."""
        return f"{TXT_PREFIX}{self.token}"
