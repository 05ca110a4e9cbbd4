"""The demo shops."""

from demo.goods.clay import SHEA_AND_CLAY
from demo.goods.draft import JUJU_RECORDS
from demo.goods.electric import LUMEN_ELECTRIC
from demo.goods.fabrics import INDIGO_FABRICS
from demo.goods.kitchen import COPPER_KITCHEN
from demo.goods.leather import ABA_LEATHER
from demo.goods.pantry import SAVANNA_PANTRY
from demo.goods.play import LITTLE_BARAZA

SHOPS = (
    INDIGO_FABRICS,
    COPPER_KITCHEN,
    SAVANNA_PANTRY,
    LUMEN_ELECTRIC,
    ABA_LEATHER,
    SHEA_AND_CLAY,
    LITTLE_BARAZA,
    JUJU_RECORDS,
)

__all__ = ["SHOPS"]
