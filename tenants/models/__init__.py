"""Shops, the hosts that lead to them, the people who work there, and what became of all three."""

from tenants.models.domains import Domain, DomainClaim, DomainProblem
from tenants.models.events import ShopEvent, ShopEventKind
from tenants.models.people import Invitation, Membership, Role
from tenants.models.schemas import MigrationFailure
from tenants.models.shops import Shop, ShopStatus

__all__ = [
    "Domain",
    "DomainClaim",
    "DomainProblem",
    "Invitation",
    "Membership",
    "MigrationFailure",
    "Role",
    "Shop",
    "ShopEvent",
    "ShopEventKind",
    "ShopStatus",
]
