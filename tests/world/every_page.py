"""Every page of both hosts, read from the URL configurations, with its reader and an example of its address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from tests.isolation import table_platform, table_shop
from tests.isolation.doors import PLATFORM, SHOP, Door, Kind, doors
from tests.isolation.table_platform import CONFIRM, FINISH, RESET
from tests.isolation.trying import address
from tests.isolation.world import World
from tests.world.market_process import run
from tests.world.visitor import OpenMarket

OWN_SHOP = "indigo-fabrics"
READERS = {
    Kind.PUBLIC: "",
    Kind.KEYED: "",
    Kind.OWN: "buyer",
    Kind.OWNED: "buyer",
    Kind.STAFF: "fabrics",
    Kind.OPERATOR: "operator",
}
# Addresses that everybody may open, and that show somebody who has signed in more.
READ_BY = {"account/sign-out/": "buyer"}
# Addresses behind keys; {names} are those of tests/world/page_examples.py.
EXAMPLES = {
    FINISH: "account/sign-up/finish/{sign_up_key}/",
    CONFIRM: "account/email/confirm/{confirmation_key}/",
    RESET: "account/password/reset/1-spent/",
    "notifications/unsubscribe/<str:token>/": "notifications/unsubscribe/{unsubscribe_token}/",
    "waiting-room/<uuid:listing_id>/": "waiting-room/{wanted_listing_id}/",
    "buy/<str:lines>/": "buy/{lines}/",
    "orders/<str:number>/return/": "orders/{delivered_number}/return/",
    "invitations/<str:token>/": "invitations/{token}/",
    "dashboard/orders/<str:number>/parcels/<int:parcel>/packing-slip/": (
        "dashboard/orders/{sent_number}/parcels/{parcel}/packing-slip/"
    ),
    "payments/return/": "payments/return/?reference={reference}",
    "payments/return/<str:reference>/": "payments/return/{reference}/",
}
# More of a page that the address alone does not show.
QUERIES = {
    "search/": ["?q=cotton", "?q=xylophonists"],
    "operator/search/": ["?q=KS-", "?q=xylophonists"],
    "operator/orders/": ["?status=paid"],
    "dashboard/orders/": ["?status=all"],
}
NO_PAGES = ("api/", "admin/", "health/", "^media/")
# What a browser gets at these is no page.
FILES_AND_REDIRECTS = {
    "platform:/account/hand-off/": "leads back to the shop",
    "platform:/account/password/set/": "leads to the page that changes it",
    "platform:/sell/apply/<uuid:application_id>/": "leads to the step that is due",
    "platform:/sell/apply/<uuid:application_id>/documents/<uuid:document_id>/": "sends the paper",
    "platform:/operator/applications/<uuid:application_id>/documents/<uuid:document_id>/": "sends the paper",
    "platform:/orders/<str:number>/returns/photos/<uuid:photo_id>/": "sends a picture",
    "platform:/operator/returns/photos/<uuid:photo_id>/": "sends a picture",
    "platform:/orders/<str:number>/messages/photos/<uuid:picture_id>/": "sends a picture",
    "platform:/operator/messages/photos/<uuid:picture_id>/": "sends a picture",
    "shop:/dashboard/messages/photos/<uuid:picture_id>/": "sends a picture",
    "shop:/dashboard/returns/photos/<uuid:photo_id>/": "sends a picture",
    "platform:/live/<str:token>/": "tells programs whether a page has changed",
    "platform:/favicon.ico": "leads to the icon",
    "shop:/favicon.ico": "leads to the icon",
    "shop:/live/<str:token>/": "tells programs whether a page has changed",
    "platform:/operator/audit-log/csv/": "sends a table",
    "platform:/operator/coupons/<uuid:coupon_id>/codes.csv": "sends a table",
    "platform:/orders/<str:number>/invoices/<str:sub_order>/": "sends a document",
    "platform:/orders/<str:number>/invoices/<str:sub_order>/credit-notes/<int:position>/": "sends a document, if any",
    "platform:/operator/orders/<str:number>/invoices/<str:part>/": "sends a document",
    "platform:/operator/orders/<str:number>/invoices/<str:part>/credit-notes/<int:position>/": "sends one, if any",
    "platform:/operator/payouts/<uuid:payout_id>/evidence/": "sends the evidence of a payment by hand, if any",
    "platform:/operator/disputes/<uuid:dispute_id>/files/<uuid:evidence_id>/": "sends a file of evidence, if any",
    "shop:/dashboard/disputes/<uuid:dispute_id>/files/<uuid:evidence_id>/": "sends a file of evidence, if any",
    "shop:/dashboard/orders/print/": "sends the documents of a selection",
    "shop:/dashboard/orders/<str:number>/invoice/": "sends a document",
    "shop:/dashboard/orders/<str:number>/credit-notes/<int:position>/": "sends a document, if any",
    "shop:/dashboard/orders/<str:number>/packing-slip/": "sends a document",
    "shop:/dashboard/orders/<str:number>/parcels/<int:parcel>/packing-slip/": "sends a document",
    "shop:/dashboard/orders/<str:number>/pickup-slip/": "sends a document, where it is picked up",
    "shop:/": "leads to the shop's page on the market",
    "shop:/account/sign-in/": "leads to the market's sign-in page",
    "shop:/account/hand-off/": "leads on into the dashboard",
    "shop:/dashboard/products/import/template.csv": "sends a table",
    "shop:/dashboard/products/import/<uuid:import_id>/errors.csv": "sends a table",
    "shop:/dashboard/activity/activity.csv": "sends a table",
    "shop:/dashboard/coupons/<uuid:coupon_id>/codes.csv": "sends a table",
    "shop:/dashboard/settings/export/<uuid:export_id>/download/": "sends an archive, once one is made",
    "shop:/dashboard/settings/": "leads to the first of the settings",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A page's address.

    Args:
        who: the demo's person that opens it; empty for nobody.
        shop: whose host it is on; empty for the market's.
    """

    door: str
    who: str
    shop: str
    path: str


def places(examples: dict[str, Any], *, are_pages: bool = True) -> Iterator[Place]:
    """Yield every page, or everything else that is read; an argument without an example is an error that names it."""
    for urlconf, table in ((PLATFORM, table_platform), (SHOP, table_shop)):
        world = cast("World", SimpleNamespace(args={urlconf: examples["shop" if urlconf == SHOP else "platform"]}))
        for door in doors(urlconf, table.TABLE):
            is_read = "GET" in door.methods and not door.route.startswith(NO_PAGES)
            if is_read and are_pages != (str(door) in FILES_AND_REDIRECTS):
                path = _path(door, world)
                for query in ["", *QUERIES.get(door.route, [])]:
                    yield Place(str(door), _reader(door), OWN_SHOP if urlconf == SHOP else "", path + query)


def examples_of(market: OpenMarket) -> dict[str, Any]:
    """Make an example of each thing that an address names, and return them by argument."""
    told = run(market.data_dir, "shell", "-v0", "-c", "from tests.world.page_examples import tell; tell()")
    assert told.returncode == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def _path(door: Door, world: World) -> str:
    try:
        if door.route in EXAMPLES:
            return "/" + EXAMPLES[door.route].format_map(world.args[door.urlconf])
        return address(world, door)
    except KeyError as error:
        raise LookupError(f"{door}: make an example of {error} in tests/world/page_examples.py") from error


def _reader(door: Door) -> str:
    return READ_BY.get(door.route, READERS[door.kind])
