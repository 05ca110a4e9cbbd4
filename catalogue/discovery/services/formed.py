"""Listings of products and categories whose stored texts or options have got another form."""

from catalogue.discovery.events import CategoryChanged
from catalogue.discovery.models import Category
from catalogue.discovery.services.projection import project_products
from catalogue.discovery.services.versions import bump_categories
from catalogue.selectors.formed_rows import products_of_rows
from kit.stored.parts import RowsFormed
from kit.work import outbox


def follow_formed_rows(formed: RowsFormed) -> None:
    """Write listings anew that are made from rows which have changed."""
    if formed.shop_id is not None:
        product_ids = products_of_rows(schema_name=formed.schema_name, model=formed.model, keys=formed.keys)
        if product_ids:
            project_products(shop_id=formed.shop_id, product_ids=product_ids)
    if formed.model == Category._meta.label:  # noqa: SLF001 - documented
        for category_id in sorted(formed.keys):
            outbox.emit(CategoryChanged(category_id), now=formed.now)
        bump_categories()
