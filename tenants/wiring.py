"""Contributions of the tenancy to the other apps."""

from django.utils.translation import gettext_lazy

from accounts.services.own_domains import OwnDomains
from accounts.services.personal_data import PersonalData
from accounts.services.roles import RoleSource
from accounts.services.workplaces import Workplace
from accounts.tabs import AccountTab
from accounts.towns import KnownTowns
from kit.stored.columns import KeptAsWritten
from kit.stored.parts import RowsFormed
from kit.web.status_tones import StatusTones
from kit.wiring import Follows
from tenants.archives.own_parts import OWN_PARTS
from tenants.capabilities import CAPABILITIES
from tenants.database.grants import MINE, READ, SHOP, Grant
from tenants.hosts.selectors import is_custom_host, works_at_host
from tenants.life.hooks import StatusChange
from tenants.life.notices import tell_owners
from tenants.schemas.health import SCHEMAS
from tenants.shops.particulars import PARTICULARS
from tenants.shops.profile import follow_formed_shops
from tenants.shops.towns import shops_towns
from tenants.staff import personal_data
from tenants.staff.roles import shop_roles
from tenants.staff.workplace import shop_workplace

# A shop says of itself what it likes; its address, schema, status and commission are the platform's.
SHOP_COLUMNS = (
    "name, tagline, description, city, country, banner, logo, shipping_minor, terms_version, delivery_policy, "
    "returns_policy, contact_email, contact_phone"
)

FOLLOWS = (
    Follows(StatusChange, tell_owners),
    Follows(RowsFormed, follow_formed_shops),
)

CONTRIBUTES = (
    StatusTones("tenants", success=("approved", "live", "resolved"), error=("suspended",)),
    *CAPABILITIES,
    *PARTICULARS,
    SCHEMAS,
    RoleSource(shop_roles),
    OwnDomains(is_ours=is_custom_host, works_there=works_at_host),
    Workplace(20, shop_workplace),
    KnownTowns("tenants", shops_towns),
    AccountTab("tenants:own-shops", gettext_lazy("Your shops")),
    PersonalData(
        "tenants", 10, personal_data.COLUMNS, personal_data.collect, personal_data.erase, personal_data.obstacles
    ),
    *OWN_PARTS,
    KeptAsWritten("tenants.ShopEvent", "the shop's trail of what was done"),
    KeptAsWritten("tenants.ApplicationEntry", "the trail of an application, as it was told by letter"),
    Grant("tenants_shop", ("SELECT", f"UPDATE ({SHOP_COLUMNS})"), f"id = {SHOP}"),
    Grant("tenants_marketterms", READ, "TRUE"),  # a version alone, the same for all shops
    Grant("tenants_membership", READ, MINE),
    Grant("tenants_invitation", READ, MINE),
    Grant("tenants_domain", READ, f"tenant_id = {SHOP}"),
    Grant("tenants_domainclaim", READ, MINE),
    Grant("tenants_shopevent", READ, MINE),
    Grant("tenants_setupstep", READ, MINE),
    # Staff, and who acted for the shop, by name and address; never a password. Memberships
    # are written by the platform alone, else a role could write itself more people to read. Granted here
    # and not by accounts, which knows of no shops.
    Grant(
        "accounts_user",
        ("SELECT (id, email, name, is_active, is_operator)",),
        "EXISTS (SELECT FROM tenants_membership m WHERE m.user_id = accounts_user.id) "
        "OR EXISTS (SELECT FROM tenants_shopevent e WHERE e.actor_id = accounts_user.id) "
        "OR EXISTS (SELECT FROM tenants_invitation i WHERE i.invited_by_id = accounts_user.id)",
    ),
)
