"""The hosts that lead to shops."""

from typing import ClassVar

from django.db import models
from django_tenants.models import DomainMixin

from tenants.models.shops import Shop


class Domain(DomainMixin):
    """A host name that leads to a shop."""

    objects: ClassVar[models.Manager["Domain"]] = models.Manager()

    domain = models.CharField(max_length=253, unique=True)
    tenant = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="domains")
    is_primary = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary_each"
            ),
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$"), name="domain_is_a_host_name"
            ),
        ]

    def __str__(self) -> str:
        return self.domain
