"""Categories and shops over the API."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalogue.discovery.api import examples
from catalogue.discovery.api.bodies import category_tree_body, shop_body, shop_row_body
from catalogue.discovery.api.conditional import PublicReadApi, RememberedReadApi, answer_of
from catalogue.discovery.api.listings import IF_NONE_MATCH, NOT_MODIFIED, TAGS
from catalogue.discovery.api.serializers import CategoryOutput, ShopFeedOutput, ShopOutput, ShopsQuery
from catalogue.discovery.errors import ShopClosedError, ShopNotFoundError
from catalogue.discovery.selectors.categories import category_tree
from catalogue.discovery.selectors.shops import get_shop_page, shops_on_show
from catalogue.discovery.selectors.versions import CATEGORIES
from kit.api.input import query_of
from kit.api.lists import feed_body, feed_place
from kit.api.refusals import answer, refusals
from kit.db.keyset import read_slice
from tenants.errors import ShopGoneError


class CategoryListApi(RememberedReadApi):
    """The category tree."""

    version_key = CATEGORIES

    @extend_schema(
        operation_id="categories_list",
        summary="Read the category tree",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses={200: CategoryOutput(many=True), 304: NOT_MODIFIED},
        examples=[answer("A tree", examples.CATEGORIES)],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return all categories, those below a category inside it."""
        return self.remember(request, category_tree_body(category_tree()))


class ShopListApi(PublicReadApi):
    """The shops of the market."""

    query_class = ShopsQuery

    @extend_schema(
        operation_id="shops_list",
        summary="List shops",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses={200: ShopFeedOutput, 304: NOT_MODIFIED},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.SHOP_ROW]})],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the shops that sell, or will again after their holiday, the newest first."""
        asked = query_of(request)
        shops = shops_on_show(
            search=asked.get("search", ""), country=asked.get("country", ""), currency=asked.get("currency", "")
        )
        found = read_slice(shops, **feed_place(request))
        return answer_of(feed_body(request, found, results=[shop_row_body(shop) for shop in found.rows])).respond(
            request
        )


class ShopApi(PublicReadApi):
    """A shop's public profile."""

    @extend_schema(
        operation_id="shop_read",
        summary="Read a shop's public profile",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses={
            200: ShopOutput,
            304: NOT_MODIFIED,
            **refusals(ShopNotFoundError, ShopClosedError, ShopGoneError),
        },
        examples=[answer("A shop", examples.SHOP)],
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Return a shop that sells, or will after its holiday; its listings are `listings/?shop=<slug>`."""
        return answer_of(shop_body(get_shop_page(slug=slug))).respond(request)
