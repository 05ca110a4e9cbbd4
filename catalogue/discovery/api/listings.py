"""Listings over the API."""

from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from catalogue.discovery.api import examples
from catalogue.discovery.api.bodies import listing_detail_body, listing_list_body
from catalogue.discovery.api.conditional import PublicReadApi, RememberedReadApi, answer_of
from catalogue.discovery.api.serializers import ListingDetailOutput, ListingListOutput, ListingsQuery
from catalogue.discovery.errors import ListingNotFoundError
from catalogue.discovery.price_notes import lower_prices, notes_of
from catalogue.discovery.selectors.listings import ListingDetail, get_listing, get_listing_by_slug
from catalogue.discovery.selectors.requests import read_query
from catalogue.discovery.selectors.search import answer_query
from catalogue.discovery.selectors.versions import EVERYTHING, LIFETIME_SECONDS
from kit.api.envelope import ErrorEnvelope
from kit.api.input import query_of

TAGS = ["Market"]
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of an answer you have."
)
NOT_MODIFIED = OpenApiResponse(description="You have this answer already.")


class ListingListApi(RememberedReadApi):
    """Search across all shops."""

    query_class = ListingsQuery
    version_key = EVERYTHING

    @extend_schema(
        operation_id="listings_list",
        summary="Search listings",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses={
            200: ListingListOutput,
            304: NOT_MODIFIED,
            400: OpenApiResponse(ErrorEnvelope, "A filter makes no sense.", examples=[examples.INVALID]),
        },
        examples=[examples.LISTINGS],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the listings of all selling shops that match, a page at a time."""
        page = query_of(request)
        asked = read_query(page, shops=page["shop"])
        result = answer_query(asked.query, cursor=page["cursor"], size=page["page_size"], corrects=not page["exact"])
        now = timezone.now()
        lower = lower_prices(result.page.cards, now)
        left = int((lower.until - now).total_seconds()) if lower.until else LIFETIME_SECONDS
        body = listing_list_body(request, result, lower.by_listing)
        return self.remember(request, body, seconds=min(left, LIFETIME_SECONDS))


class ListingDetailApi(PublicReadApi):
    """One listing."""

    @extend_schema(
        operation_id="listing_read",
        summary="Read a listing with its variants",
        tags=TAGS,
        parameters=[OpenApiParameter("listing_id", UUID, OpenApiParameter.PATH), IF_NONE_MATCH],
        responses={
            200: ListingDetailOutput,
            304: NOT_MODIFIED,
            404: OpenApiResponse(ErrorEnvelope, "It is not on sale.", examples=[examples.NOT_FOUND]),
        },
        examples=[examples.LISTING],
    )
    def get(self, request: Request, listing_id: str) -> HttpResponseBase:
        """Return a listing; `available` is what its shop has at this moment."""
        return _answer(request, get_listing(listing_id=_uuid(listing_id)))


class ShopListingApi(PublicReadApi):
    """One listing, by its shop's slug and its own."""

    @extend_schema(
        operation_id="shop_listing_read",
        summary="Read a listing by its slug",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses={
            200: ListingDetailOutput,
            304: NOT_MODIFIED,
            404: OpenApiResponse(ErrorEnvelope, "It is not on sale.", examples=[examples.NOT_FOUND]),
        },
        examples=[examples.LISTING],
    )
    def get(self, request: Request, slug: str, listing_slug: str) -> HttpResponseBase:
        """Return a shop's listing; a slug changes with the title, the `id` never does."""
        return _answer(request, get_listing_by_slug(shop_slug=slug, slug=listing_slug))


def _answer(request: Request, listing: ListingDetail) -> HttpResponseBase:
    return answer_of(listing_detail_body(listing, notes_of(listing, timezone.now()).lower)).respond(request)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ListingNotFoundError from error
