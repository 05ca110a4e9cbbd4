"""Contributions of the catalogue to the other apps."""

from django.utils.translation import gettext_lazy

from catalogue.capabilities import CAPABILITIES
from catalogue.discovery.selectors.categories import categories_by_slug, category_slugs
from catalogue.selectors.option_names import option_names
from catalogue.selectors.pictures import picture_files
from catalogue.services.archived_rows import faults_of_goods
from catalogue.services.archives import copy_goods
from catalogue.services.imports.running import APPLY, UNDO, apply_slice, undo_slice
from catalogue.stored_sentences import SENTENCES
from kit.stored.columns import KeptAsWritten, OrderOfPairs
from kit.web.status_tones import StatusTones
from kit.work.bulk import BulkKind
from tenants.archives.parts import Copier, Pictures, Reference, RowsCheck, Uploads
from tenants.shops.particulars import Particular

CONTRIBUTES = (
    StatusTones("catalogue", warning=("applied",), error=("sold_out",)),
    *CAPABILITIES,
    *SENTENCES,
    Particular("import", gettext_lazy("import")),
    Particular("done", gettext_lazy("rows done")),
    BulkKind(APPLY, apply_slice),
    BulkKind(UNDO, undo_slice),
    Reference("catalogue_product", "category_id", category_slugs, categories_by_slug),
    Pictures("catalogue_productimage", "file", picture_files),
    Uploads("catalogue_stockimport", "file"),
    RowsCheck(faults_of_goods),
    Copier(copy_goods),
    KeptAsWritten("catalogue.StockMovement", "appended, never changed"),
    OrderOfPairs("catalogue.Variant", "product_id", option_names),
)
