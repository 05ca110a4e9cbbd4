"""Shops, their hosts and members, and their history."""

from tenants.models.applications import (
    AccountState,
    ApplicationDocument,
    ApplicationEntry,
    ApplicationEntryKind,
    ApplicationStatus,
    BusinessKind,
    DocumentKind,
    SetupStep,
    ShopApplication,
)
from tenants.models.domains import Domain, DomainClaim, DomainProblem
from tenants.models.events import ShopEvent, ShopEventKind
from tenants.models.exports import ExportState, ShopExport
from tenants.models.market_terms import MarketTerms
from tenants.models.people import Invitation, Membership, Role
from tenants.models.schemas import MigrationFailure
from tenants.models.shops import Shop, ShopStatus

__all__ = [
    "AccountState",
    "ApplicationDocument",
    "ApplicationEntry",
    "ApplicationEntryKind",
    "ApplicationStatus",
    "BusinessKind",
    "DocumentKind",
    "Domain",
    "DomainClaim",
    "DomainProblem",
    "ExportState",
    "Invitation",
    "MarketTerms",
    "Membership",
    "MigrationFailure",
    "Role",
    "SetupStep",
    "Shop",
    "ShopApplication",
    "ShopEvent",
    "ShopEventKind",
    "ShopExport",
    "ShopStatus",
]
