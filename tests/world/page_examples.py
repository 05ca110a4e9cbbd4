"""An example of each thing that a page's address names, made in the demo market; a process of the market runs this."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_tenants.utils import schema_context
from PIL import Image

from accounts.models import Address, User
from accounts.services.people import create_user
from accounts.services.registration import KEY
from catalogue.discovery.models import Category, Listing
from catalogue.models import Product, StockImport
from catalogue.services.imports.checking import check_upload
from checkout.coupons.inputs import CouponInput
from checkout.coupons.keeping import create_codes
from checkout.fulfilment.services.zones import read_zones
from checkout.messaging.photos import add_buyers_photo
from checkout.messaging.sending import NewMessage, send_message
from checkout.models import CouponKind, MessageSide, Order, Payment, Return, ReturnPhoto, Station, SubOrder
from checkout.releasing.holds import follow_return
from checkout.returning.windows import returnable_lines
from checkout.waiting_room.open_rooms import open_room
from demo import accounts
from kit.models import BulkJob, BulkState
from notifications.models import NoticeKind
from notifications.services.unsubscribing import unsubscribe_url
from payouts.models import CommissionRule, Dispute, DisputePart, Journal, Payout
from payouts.runs.create import create_runs
from tenants.hosts.domains import claim_domain
from tenants.models import DomainClaim, Invitation, Membership, Role, Shop, ShopApplication
from tenants.staff.members import add_member
from tenants.staff.selectors import hash_of
from tests.world.applications import add_paper, started
from tests.world.differences import difference
from tests.world.disputes import disputed, given
from tests.world.findings import finding
from tests.world.offers import automatic_offer
from tests.world.pictures import encoded
from webhooks.models import InboundEvent

WANTED = "Kampala tie-dye, five yards"  # no other test buys it: it has a waiting room from now on
OWNER, BUYER, SHOP = accounts.FABRICS.email, accounts.BUYER.email, accounts.FABRICS.shop
TOKEN = "an-example-of-a-token"
NOBODYS_ID = "01a2288b-0000-7000-8000-000000000000"


def tell() -> None:
    """Print the examples of both hosts, by the names that the addresses give their arguments."""
    buyer, shop = User.objects.get(email=BUYER), Shop.objects.get(slug=SHOP)
    print(json.dumps({"platform": _of_the_platform(buyer, shop), "shop": _of_the_shop(shop)}, default=str))  # noqa: T201 - read by the test run


def _of_the_platform(buyer: User, shop: Shop) -> dict[str, Any]:
    paid = Order.objects.filter(buyer_id=buyer.pk, payments__status="captured", status="paid")
    order = paid.filter(sub_orders__status="new").order_by("-pk")[0]
    draft = started(applicant_id=buyer.pk, slug="shop-of-a-buyer")
    sent = ShopApplication.objects.filter(status="submitted").order_by("pk")[0]
    listing = Listing.objects.filter(shop_id=shop.pk, is_visible=True).earliest("pk")
    wanted = Listing.objects.get(shop_id=shop.pk, title=WANTED)
    return {
        "listing_id": listing.pk,
        "wanted_listing_id": _with_waiting_room(shop, wanted),
        "lines": ",".join(f"{each.pk}:2" for each in listing.variants.all()[:1]),
        "slug": shop.slug,
        "claim_id": _claim(shop, User.objects.get(email=OWNER)),
        "number": order.number,
        "sub_order": order.sub_orders.order_by("pk")[0].number,
        "part": order.sub_orders.order_by("pk")[0].number,
        "position": 1,
        "reference": Payment.objects.filter(order=order).order_by("-pk")[0].reference,
        "address_id": Address.objects.filter(user=buyer).order_by("pk")[0].pk,
        "application_id": draft.pk,
        "document_id": add_paper(draft).pk,
        "sent_application_id": sent.pk,
        "category_id": Category.objects.order_by("pk")[0].pk,
        "job_id": _job().pk,
        "coupon_id": _codes(None),
        "station_id": Station.objects.order_by("pk")[0].pk,
        "rule_id": CommissionRule.objects.get(switched_on_at__isnull=True).pk,
        **_disputed(_disputed_part() or order.sub_orders.order_by("pk")[0]),
        **_of_a_return(order),
        **_written(order.sub_orders.order_by("pk")[0]),
        "delivered_number": _returnable(buyer).number,
        "event_id": InboundEvent.objects.order_by("-pk")[0].pk,
        "journal_id": Journal.objects.order_by("-pk")[0].pk,
        **_set_aside(shop),
        "difference_id": difference(now=timezone.now()).pk,
        "finding_id": finding(now=timezone.now()).pk,
        "month": f"{timezone.localtime():%Y-%m}",
        "year": f"{timezone.localtime():%Y}",
        "token": _invitation(shop),
        "unsubscribe_token": str(unsubscribe_url(user_id=buyer.pk, kind=NoticeKind.SHOP))
        .rstrip("/")
        .rpartition("/")[2],
        "sign_up_key": signing.dumps("newcomer@example.com", salt=KEY),
        "confirmation_key": _confirmation_key(),
    }


def _of_the_shop(shop: Shop) -> dict[str, Any]:
    owner = User.objects.get(email=OWNER)
    with schema_context(shop.schema_name):
        product = Product.objects.filter(status="active").order_by("pk")[0]
        sku = product.variants.order_by("pk")[0].sku
    body, now = f"sku,price\n{sku},19999\nNOBODY-1,5\n".encode(), timezone.now()
    made: StockImport = check_upload(
        shop=shop,
        upload=BytesIO(body),
        file_name="prices.csv",
        size=len(body),
        created_by_id=owner.pk,
        now=now,
    )
    zone = read_zones(schema_name=shop.schema_name)[0]
    return {
        "product_id": product.pk,
        "import_id": made.pk,
        "number": SubOrder.objects.filter(shop=shop, status="new").order_by("-pk")[0].number,
        "export_id": NOBODYS_ID,
        **_disputed(SubOrder.objects.filter(shop=shop, status="delivered").order_by("pk")[0]),
        "sent_number": SubOrder.objects.filter(shop=shop, status="delivered").order_by("-pk")[0].number,
        "parcel": 1,
        "position": 1,
        "coupon_id": _codes(shop),
        "offer_id": automatic_offer(shop).pk,
        "zone_id": zone.id,
        "method_id": zone.methods[0].id,
        "claim_id": _claim(shop, owner),
        "member_id": _member(shop).pk,
        "payout_id": _set_aside(shop)["payout_id"],
        "month": f"{timezone.localtime():%Y-%m}",
        "year": f"{timezone.localtime():%Y}",
        **_of_a_return(SubOrder.objects.filter(shop=shop).earliest("pk").order),
        **_written(SubOrder.objects.filter(shop=shop, status="new").order_by("-pk")[0]),
    }


def _returnable(buyer: User) -> Order:
    """Return an order of which the buyer can send something back."""
    parts = (
        SubOrder.objects.filter(order__buyer_id=buyer.pk, status="delivered").select_related("order").order_by("-pk")
    )
    return next(part.order for part in parts if returnable_lines(part, now=timezone.now()))


def _of_a_return(order: Order) -> dict[str, Any]:
    """Return a return of the order's first part, with its photo; it holds the part's money as any does."""
    now, part = timezone.now(), order.sub_orders.all()[0]
    lines = {part.lines[0]["variant_id"]: 1}
    found, _ = Return.objects.get_or_create(
        sub_order=part,
        defaults={"shop_id": part.shop_id, "status_at": now, "requested_at": now, "lines": lines, "reason": "Torn"},
    )
    with transaction.atomic():
        follow_return(found, now=now)
    folder = ReturnPhoto.folder_of(order.pk)
    name = f"{folder.path}example.webp"
    file = name if folder.exists(name) else folder.save(name, ContentFile(encoded(Image.new("RGB", (9, 9)), "WEBP")))
    photo, _ = ReturnPhoto.objects.get_or_create(
        file=file, defaults={"order": order, "of_return": found, "created_at": now}
    )
    return {"return_id": found.pk, "photo_id": photo.pk}


def _written(part: SubOrder) -> dict[str, Any]:
    """Have the buyer and the shop write about the part, with a picture."""
    now, order = timezone.now(), part.order
    photo = add_buyers_photo(order=order, upload=BytesIO(encoded(Image.new("RGB", (90, 90)), "JPEG")), now=now)
    for side, text, photos in (
        (MessageSide.BUYER, "Is this the seam that you mean?", [photo.pk]),
        (MessageSide.SHOP, "Yes, that is it.", []),
    ):
        send_message(NewMessage(part, side, order.buyer_id, text, photos), now=now)
    return {"picture_id": photo.pk}


def _disputed_part() -> SubOrder | None:
    """Return a part of an order that a bank disputes, if there is one."""
    found = DisputePart.objects.order_by("pk").first()
    return SubOrder.objects.get(pk=found.sub_order_id) if found else None


def _disputed(part: SubOrder) -> dict[str, Any]:
    """Return a dispute of the shop of a part, with evidence: the demo's own, whose money is held."""
    found = Dispute.objects.filter(parts__shop_id=part.shop_id).order_by("pk").first() or disputed(part)
    return {"dispute_id": found.pk, "evidence_id": given(found, part).pk}


def _set_aside(shop: Shop) -> dict[str, Any]:
    """Return a payout to the shop in a run that waits for a second person."""
    if not Payout.objects.filter(shop=shop).exists():
        with override_settings(PAYOUT_SECOND_APPROVAL_MINOR=0):
            create_runs(shop_id=shop.pk, now=timezone.now())
    payout = Payout.objects.filter(shop=shop).latest("pk")
    return {"payout_id": payout.pk, "run_id": payout.run_id}


def _with_waiting_room(shop: Shop, listing: Listing) -> Any:
    now = timezone.now()
    times = {"opens_at": now + timedelta(minutes=10), "closes_at": now + timedelta(hours=3)}
    open_room(shop=shop, listing_id=listing.pk, per_minute=60, now=now, **times)
    return listing.pk


def _invitation(shop: Shop) -> str:
    now = timezone.now()
    about = {"shop": shop, "email": "invited@example.com", "role": Role.FULFILMENT}
    times = {"created_at": now, "expires_at": now + timedelta(days=3)}
    Invitation.objects.update_or_create(token_hash=hash_of(TOKEN), defaults=about | times)
    return TOKEN


def _codes(shop: Shop | None) -> Any:
    """Codes for one use each, of a shop or of the platform."""
    data = CouponInput(code="GUEST", kind=CouponKind.FREE_DELIVERY)
    return create_codes(shop=shop, data=data, count=3, prefix="GUEST", actor_id=None, now=timezone.now())[0].pk


def _claim(shop: Shop, owner: User) -> Any:
    found = DomainClaim.objects.filter(shop=shop, host="indigo.example").first()
    return (found or claim_domain(shop_id=shop.pk, host="indigo.example", actor_id=owner.pk, now=timezone.now())).pk


def _confirmation_key() -> str:
    """Return the key of a letter to somebody whose address is not confirmed yet."""
    user = _person("unconfirmed@example.com", "Uche Not Yet")
    found, _ = EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
    return str(EmailConfirmationHMAC(found).key)


def _job() -> BulkJob:
    now = timezone.now()
    return BulkJob.objects.create(kind="example", created_at=now, finished_at=now, state=BulkState.DONE)


def _member(shop: Shop) -> Membership:
    user = _person("packer@example.com", "Patience Packer")
    found = Membership.objects.filter(shop=shop, user=user).first()
    return found or add_member(shop_id=shop.pk, user_id=user.pk, role=Role.FULFILMENT, now=timezone.now())


def _person(email: str, name: str) -> User:
    found = User.objects.filter(email=email).first()
    return found or create_user(email=email, password=accounts.PASSWORD, name=name)
