"""How listings are joined to the other apps."""

from catalogue.discovery.services.visibility import follow_shop, follow_stock
from catalogue.events import StockChanged
from kit.wiring import Hears
from tenants.events import ShopChanged

HEARS = (
    Hears(StockChanged, follow_stock),
    Hears(ShopChanged, follow_shop),
)
