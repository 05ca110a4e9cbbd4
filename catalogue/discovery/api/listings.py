"""Listings over the API."""

from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from catalogue.discovery.api import examples
from catalogue.discovery.api.bodies import listing_detail_body, listing_list_body
from catalogue.discovery.api.conditional import PublicReadApi, RememberedReadApi, answer_of
from catalogue.discovery.api.serializers import ListingDetailOutput, ListingListInput, ListingListOutput
from catalogue.discovery.errors import ListingNotFoundError
from catalogue.discovery.selectors.listings import get_listing
from catalogue.discovery.selectors.query import Ordering
from catalogue.discovery.selectors.requests import read_query
from catalogue.discovery.selectors.search import answer_query
from catalogue.discovery.selectors.versions import EVERYTHING
from kit.envelope import ErrorEnvelope
from kit.validation import checked

TAGS = ["Market"]
PARAMETERS = [
    OpenApiParameter("search", str, description='Words; `"in quotes"` for a phrase, `-word` to leave out.'),
    OpenApiParameter("category", str, description="A category's slug or id; everything below it is included."),
    OpenApiParameter("shop", str, many=True, description="A shop's slug or id; repeat it for several."),
    OpenApiParameter(
        "ordering",
        str,
        enum=[ordering.value for ordering in Ordering],
        description="By default relevance where there are words, else popular. Relevance ranks all that match; of more "
        "than 10,000, the 300 that sell best.",
    ),
    OpenApiParameter("min_price", int, description="In minor units of `currency`."),
    OpenApiParameter("max_price", int, description="In minor units of `currency`."),
    OpenApiParameter(
        "currency",
        str,
        description="ISO 4217. Prices of one currency alone can be compared: with `min_price`, `max_price` or an "
        "ordering by price, listings in other currencies are left out. By default the currency of the shops that are "
        "named, where they have one, else the market's.",
    ),
    OpenApiParameter("in_stock", bool, description="Only what can be had now."),
    OpenApiParameter("exact", bool, description="Search for the words as they are, without correcting them."),
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
    OpenApiParameter("page_size", int, description="1 to 100; 24 by default."),
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of an answer you have."),
]
NOT_MODIFIED = OpenApiResponse(description="You have this answer already.")


class ListingListApi(RememberedReadApi):
    """Search across all shops."""

    version_key = EVERYTHING

    @extend_schema(
        operation_id="listings_list",
        summary="Search listings",
        tags=TAGS,
        parameters=PARAMETERS,
        responses={
            200: ListingListOutput,
            304: NOT_MODIFIED,
            400: OpenApiResponse(ErrorEnvelope, "A filter makes no sense.", examples=[examples.INVALID]),
        },
        examples=[examples.LISTINGS],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the listings of all selling shops that match, a page at a time."""
        params = request.query_params
        page = checked(ListingListInput, params)
        asked = read_query(params, shops=params.getlist("shop"))
        result = answer_query(asked.query, cursor=page["cursor"], size=page["page_size"], corrects=not page["exact"])
        return self.remember(request, listing_list_body(request, result))


class ListingDetailApi(PublicReadApi):
    """One listing."""

    @extend_schema(
        operation_id="listings_read",
        summary="Read a listing with its variants",
        tags=TAGS,
        parameters=[OpenApiParameter("listing_id", UUID, OpenApiParameter.PATH), PARAMETERS[-1]],
        responses={
            200: ListingDetailOutput,
            304: NOT_MODIFIED,
            404: OpenApiResponse(ErrorEnvelope, "It is not on sale.", examples=[examples.NOT_FOUND]),
        },
        examples=[examples.LISTING],
    )
    def get(self, request: Request, listing_id: str) -> HttpResponseBase:
        """Return a listing; `available` is what its shop has at this moment."""
        listing = get_listing(listing_id=_uuid(listing_id))
        return answer_of(listing_detail_body(listing)).respond(request)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ListingNotFoundError from error
