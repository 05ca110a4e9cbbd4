"""The demo shops."""

from runtime.demo.goods.clay import SHEA_AND_CLAY
from runtime.demo.goods.draft import JUJU_RECORDS
from runtime.demo.goods.electric import LUMEN_ELECTRIC
from runtime.demo.goods.fabrics import INDIGO_FABRICS
from runtime.demo.goods.kitchen import COPPER_KITCHEN
from runtime.demo.goods.leather import ABA_LEATHER
from runtime.demo.goods.pantry import SAVANNA_PANTRY
from runtime.demo.goods.play import LITTLE_BARAZA

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
