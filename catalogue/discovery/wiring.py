"""Contributions of the listings to the other apps."""

from catalogue.discovery.events import CategoryChanged
from catalogue.discovery.services.category_listings import follow_category
from catalogue.discovery.services.formed import follow_formed_rows
from catalogue.discovery.services.restored import follow_restored_shop
from catalogue.discovery.services.visibility import follow_shop, follow_status, follow_stock
from catalogue.events import StockChanged
from kit.stored.columns import KeptAsWritten
from kit.stored.parts import RowsFormed
from kit.wiring import Follows, Hears
from tenants.archives.parts import RestoredSchema
from tenants.database.grants import MINE, READ, READ_AND_WRITE, Grant
from tenants.events import ShopChanged
from tenants.life.hooks import StatusChange

HEARS = (
    Hears(CategoryChanged, follow_category),
    Hears(StockChanged, follow_stock),
    Hears(ShopChanged, follow_shop),
)

FOLLOWS = (
    Follows(StatusChange, follow_status),
    Follows(RestoredSchema, follow_restored_shop),
    Follows(RowsFormed, follow_formed_rows),
)

PROJECTED = "written anew with the products that it is made from"
CONTRIBUTES = (
    KeptAsWritten("discovery.Listing", PROJECTED),
    KeptAsWritten("discovery.ListingVariant", PROJECTED, pairs_too=True),
    # The market's listings of the shop's products.
    Grant("discovery_category", READ, "TRUE"),
    Grant("discovery_listing", READ_AND_WRITE, MINE),
    Grant("discovery_listingvariant", READ_AND_WRITE, MINE),
)
