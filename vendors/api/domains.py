"""The shop's own domains over the API."""

from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from kit.api.bodies import without_body
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.refusals import answer, refusal, sent
from tenants.capabilities import MANAGE_DOMAINS
from tenants.errors import (
    AlreadyClaimedError,
    CheckedJustNowError,
    ClaimNotFoundError,
    DomainNotVerifiedError,
    InvalidHostError,
    TooManyDomainsError,
)
from tenants.hosts.domain_checks import check_claim
from tenants.hosts.domains import claim_domain, make_primary, remove_domain
from tenants.hosts.selectors import ShopDomain, get_claim, list_shop_domains
from tenants.shops.addresses import shop_host
from vendors.access import StaffApi, shop_of
from vendors.serializers.domains import DomainInput, DomainOutput

TAGS = ["Domains"]
WAITING = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d44",
    "host": "shop.example",
    "status": "waiting",
    "is_verified": False,
    "is_primary": False,
    "record": {
        "type": "TXT",
        "name": "_kasuwa.shop.example",
        "value": "kasuwa-verify=4a6f1d0c9b7e2a5388f0c1d2e3f4a5b6c7d8e9f0",
    },
    "problem": "no_record",
    "verified_at": None,
    "checked_at": "2026-03-02T09:30:00.000Z",
    "next_check_at": "2026-03-02T09:31:00.000Z",
    "missing_at": None,
}
PROVED = {
    **WAITING,
    "status": "verified",
    "is_verified": True,
    "problem": "",
    "verified_at": "2026-03-02T09:31:00.000Z",
    "checked_at": "2026-03-02T09:31:00.000Z",
    "next_check_at": "2026-03-09T09:31:00.000Z",
}
ON_THE_MARKET = {
    **dict.fromkeys(WAITING),
    "host": "indigo-fabrics.kasuwa.ng",
    "status": "verified",
    "is_verified": True,
    "is_primary": True,
    "problem": "",
}
NO_DOMAIN = refusal("The shop has no such domain.", ClaimNotFoundError)
NOT_A_DOMAIN = refusal("No shop may have it; `errors` says why.", InvalidHostError, details={"host": ["…"]})
NO_ROOM = refusal("It is in the list, or the list is full.", AlreadyClaimedError, TooManyDomainsError)


class DomainApi(StaffApi):
    """Endpoints about domains: for owners alone."""

    @staticmethod
    def shown(request: Request, host: str) -> dict[str, object]:
        """Return a domain as it is now."""
        return dict(DomainOutput(_find(request, host)).data)


class DomainListApi(DomainApi):
    """All of them."""

    capabilities: ClassVar = dict.fromkeys(("GET", "POST"), MANAGE_DOMAINS)

    @extend_schema(
        operation_id="domains_list",
        summary="List your domains",
        tags=TAGS,
        responses=DomainOutput(many=True),
        examples=[answer("Two", [ON_THE_MARKET, WAITING])],
    )
    def get(self, request: Request) -> Response:
        """Return the address on the market first, then the shop's own domains with what to put into their DNS."""
        return Response(DomainOutput(list_shop_domains(shop=shop_of(request)), many=True).data)

    @takes_key()
    @extend_schema(
        operation_id="domain_create",
        summary="Add a domain",
        tags=TAGS,
        request=DomainInput,
        responses={201: DomainOutput, 400: NOT_A_DOMAIN, 409: NO_ROOM},
        examples=[
            sent("A domain", {"host": "shop.example.com"}),
            answer("Waiting for its record", WAITING, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Claim a domain. Put `record` into its DNS; we look for it for two weeks, and whenever you ask."""
        form = DomainInput(data=request.data)
        form.is_valid(raise_exception=True)
        claim = claim_domain(
            shop_id=shop_of(request).pk,
            host=form.validated_data["host"],
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        headers = located(f"{request.path}{claim.pk}/")
        return Response(self.shown(request, claim.host), status=201, headers=headers)


class DomainDetailApi(DomainApi):
    """One of them."""

    capabilities: ClassVar = dict.fromkeys(("GET", "DELETE"), MANAGE_DOMAINS)

    @extend_schema(
        operation_id="domain_read",
        summary="Read a domain",
        tags=TAGS,
        responses={200: DomainOutput, 404: NO_DOMAIN},
        examples=[answer("Waiting for its record", WAITING)],
    )
    def get(self, request: Request, claim_id: UUID) -> Response:
        """Return a domain with its record."""
        return Response(self.shown(request, get_claim(shop_id=shop_of(request).pk, claim_id=claim_id).host))

    @extend_schema(
        operation_id="domain_delete", summary="Remove a domain", tags=TAGS, responses={204: None, 404: NO_DOMAIN}
    )
    def delete(self, request: Request, claim_id: UUID) -> Response:
        """Take a domain off the shop; if it lived there, it lives at its address on the market again."""
        remove_domain(
            shop_id=shop_of(request).pk, claim_id=claim_id, actor_id=signed_in_user(request).pk, now=timezone.now()
        )
        return Response(status=204)


class DomainCheckApi(DomainApi):
    """Looking for a record now."""

    capabilities: ClassVar = {"POST": MANAGE_DOMAINS}

    @takes_key(in_transaction=False)
    @without_body
    @extend_schema(
        operation_id="domain_check",
        summary="Look for a domain's record now",
        tags=TAGS,
        responses={
            200: DomainOutput,
            404: NO_DOMAIN,
            429: refusal("The name servers were asked within the last five seconds.", CheckedJustNowError),
        },
        examples=[answer("Found", PROVED)],
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Ask the DNS. That the record is missing is no error: see `problem`."""
        claim = check_claim(
            shop_id=shop_of(request).pk, claim_id=claim_id, actor_id=signed_in_user(request).pk, now=timezone.now()
        )
        return Response(self.shown(request, claim.host))


class PrimaryDomainApi(DomainApi):
    """Make a domain the shop's main host."""

    capabilities: ClassVar = {"POST": MANAGE_DOMAINS}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="domain_make_primary",
        summary="Make a domain the main address",
        tags=TAGS,
        responses={
            200: DomainOutput,
            404: NO_DOMAIN,
            409: refusal("Its record has not been found.", DomainNotVerifiedError),
        },
        examples=[answer("The main address", {**PROVED, "is_primary": True})],
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Have the shop live there: links lead there, and pages elsewhere redirect to it."""
        claim = get_claim(shop_id=shop_of(request).pk, claim_id=claim_id)
        return Response(self.shown(request, _move(request, claim.host)))


class HomeDomainApi(DomainApi):
    """Make the address on the market the shop's main host."""

    capabilities: ClassVar = {"POST": MANAGE_DOMAINS}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="domain_go_home",
        summary="Make your address on the market the main one",
        tags=TAGS,
        responses={200: DomainOutput},
        examples=[answer("The main address", ON_THE_MARKET)],
    )
    def post(self, request: Request) -> Response:
        """Have the shop live below the market's domain again."""
        return Response(self.shown(request, _move(request, shop_host(shop_of(request).slug))))


def _move(request: Request, host: str) -> str:
    make_primary(shop_id=shop_of(request).pk, host=host, actor_id=signed_in_user(request).pk, now=timezone.now())
    return host


def _find(request: Request, host: str) -> ShopDomain:
    for domain in list_shop_domains(shop=shop_of(request)):
        if domain.host == host:
            return domain
    raise ClaimNotFoundError
