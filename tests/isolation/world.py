"""A victim with something of everything, each marked so that it can be found again, and those who are after it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.timezone import localtime
from django_tenants.utils import schema_context

from accounts.models import User
from accounts.services.people import create_user
from catalogue.discovery.models import Listing
from catalogue.discovery.services.categories import CategoryInput, ensure_categories
from catalogue.models import ProductImage
from catalogue.services.imports.checking import check_upload
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from checkout.coupons.inputs import CouponInput
from checkout.coupons.keeping import create_codes
from checkout.documents.issuing import issue_documents
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.services.zones import Method, Zone
from checkout.messaging.photos import add_buyers_photo
from checkout.messaging.sending import NewMessage, send_message
from checkout.models import (
    CouponKind,
    MessageSide,
    Order,
    Payment,
    PaymentStatus,
    Refund,
    Return,
    ReturnPhoto,
    Station,
    SubOrder,
)
from checkout.placing.request import Address, Buyer, OrderRequest
from checkout.returning.photos import add_photo
from checkout.stations.inputs import StationInput
from checkout.stations.keeping import add_station
from checkout.zones.change_zones import add_zone
from kit.models import BulkJob
from notifications.models import Notification
from notifications.services import notify
from payouts.models import BankAccount, Journal
from tenants.hosts.domains import claim_domain
from tenants.models import DomainClaim, Invitation, Membership, Role, Shop, ShopApplication, ShopStatus
from tenants.staff.invitations import invite_member
from tenants.staff.members import add_member
from tests.isolation.doors import PLATFORM, SHOP
from tests.world.applications import add_paper, started
from tests.world.archives import export_of
from tests.world.commission import rule_on
from tests.world.differences import difference
from tests.world.disputes import disputed, given
from tests.world.factories.catalogue import picture
from tests.world.factories.payments import new_reference
from tests.world.factories.people import address_of
from tests.world.findings import finding
from tests.world.market import Stocked, open_shop, stock
from tests.world.offers import automatic_offer
from tests.world.own_shop import paid_order
from tests.world.payouts import payout_of
from webhooks.models import InboundEvent

DRAFT_SKU = "QZDRAFTSKU"
SECRETS = {
    "a draft's title": "Qzdrafttitle",
    "a draft's SKU": DRAFT_SKU,
    "a buyer's name": "Qzbuyername",
    "a buyer's address": "9 Qzdeliverystreet",
    "a buyer's e-mail": "qzbuyer@victim.test",
    "an address in a book": "7 Qzaddressbook",
    "a notification": "Qznotification",
    "a commission rule": "Qzcommissionrule",
    "an owner's e-mail": "qzowner@victim.test",
    "an invited address": "qzinvitee@victim.test",
    "a claimed domain": "qzdomain.example",
    "an account's holder": "Qzholdername",
    "an imported file": "qzimport.csv",
    "an applicant's name": "Qzlegalname",
    "an account number": "9074401837",
    "a payment's note": "Qzpaymentnote",
    "a coupon's code": "QZSHOPCODE",
    "a dispute's claim": "Qzclaimofabank",
    "a return's note": "Qzreturnnote",
    "a message": "Qzmessagetext",
    "a paused offer's name": "qz two and one",
}


ZONE = Zone(name="Qzlagos", country="NG", subdivisions=("NG-LA",), methods=(Method(price_minor=50_000),))


@dataclass(frozen=True)
class World:
    """The victim's shop and people, the others, and what fills the addresses."""

    shop: Shop
    other: Shop
    suspended: Shop
    people: dict[str, User]
    args: dict[str, dict[str, Any]]
    secrets: dict[str, str]


def build_world() -> World:
    """Make everything; needs a transaction that is rolled back."""
    now = timezone.now()
    people = {name: _person(f"qz{name}@victim.test", f"Qz{name}name") for name in ("owner", "buyer", "invitee")}
    people |= {name: _person(f"{name}@elsewhere.test", name.title()) for name in ("shopper", "stranger", "punished")}
    people["operator"] = _person("operator@elsewhere.test", "Operator", is_operator=True)
    people["root"] = User.objects.create_superuser("root@elsewhere.test", "x")
    shop, other, suspended = open_shop("the-victim"), open_shop("somebody-else"), open_shop("the-suspended")
    for place, name in ((shop, "owner"), (other, "stranger"), (suspended, "punished")):
        add_member(shop_id=place.pk, user_id=people[name].pk, role=Role.OWNER, now=now)
    for role in Role:
        if role is not Role.OWNER:
            people[role.value] = _person(f"{role}@victim.test", f"{role.label} of the victim")
            add_member(shop_id=shop.pk, user_id=people[role.value].pk, role=role, now=now)
    Shop.objects.filter(pk=suspended.pk).update(status=ShopStatus.SUSPENDED, status_before=ShopStatus.LIVE)
    stocked = stock(shop, sku="TOTE-1")
    draft_id = _draft(shop, now)
    number = paid_order(stocked, quantity=2, request=_order_request(people["buyer"]))
    send_parcel(shop=shop, number=number, parcel=Parcel(), lines={stocked.variant_id: 1}, now=now)
    part = SubOrder.objects.get(number=number)
    issue_documents(shop_id=shop.pk, sub_order_ids=[part.pk], now=now)  # as soon as it was paid
    shop_args = _shop_args(shop, stocked, draft_id, people) | {
        "number": number,
        "position": 1,
        "shipment_id": 1,
        "parcel": 1,
    }
    platform_args = _platform_args(shop, stocked, part.order, people["buyer"], people["invitee"])
    returned = (
        _returned(part)
        | _written(part)
        | _disputed(part)
        | {"month": f"{localtime(now):%Y-%m}", "year": f"{localtime(now):%Y}", "payout_id": platform_args["payout_id"]}
    )
    secrets = {**SECRETS, "an order's number": part.order.number}
    return World(
        shop, other, suspended, people, {SHOP: shop_args | returned, PLATFORM: platform_args | returned}, secrets
    )


def _disputed(part: SubOrder) -> dict[str, Any]:
    """Return a dispute of the order's payment."""
    found = disputed(part, claim=SECRETS["a dispute's claim"])
    return {"dispute_id": found.pk, "evidence_id": given(found, part).pk}


def _returned(part: SubOrder) -> dict[str, Any]:
    """Return a return of the order, and its photo."""
    now, lines = timezone.now(), {part.lines[0]["variant_id"]: 1}
    found, _ = Return.objects.get_or_create(
        sub_order=part,
        defaults={
            "shop_id": part.shop_id,
            "lines": lines,
            "reason": "It does not fit",
            "note": SECRETS["a return's note"],
            "requested_at": now,
            "status_at": now,
        },
    )
    photo = found.photos.first()
    if photo is None:
        photo = add_photo(order=part.order, upload=picture(), now=now)
        ReturnPhoto.objects.filter(pk=photo.pk).update(of_return=found)
    return {"return_id": found.pk, "photo_id": photo.pk}


def _written(part: SubOrder) -> dict[str, Any]:
    """Have the buyer write about the order, and return the message's photo."""
    now = timezone.now()
    photo = add_buyers_photo(order=part.order, upload=picture(), now=now)
    text = SECRETS["a message"]
    send_message(NewMessage(part, MessageSide.BUYER, part.order.buyer_id, text, [photo.pk]), now=now)
    return {"picture_id": photo.pk}


def _person(email: str, name: str, **more: Any) -> User:
    return create_user(email=email, password="four harmattan kites", name=name, is_email_verified=True, **more)


def _draft(shop: Shop, now: Any) -> Any:
    """A product that nobody outside may know of yet."""
    variants = [VariantInput(sku=DRAFT_SKU, price_minor=1_000, on_hand=3)]
    data = ProductInput(title=SECRETS["a draft's title"], status="draft", variants=variants)
    return create_product(shop=shop, data=data, now=now).pk


def _order_request(buyer: User) -> OrderRequest:
    name, line1 = SECRETS["a buyer's name"], SECRETS["a buyer's address"]
    address = Address(name=name, line1=line1, city="Ibadan", state="Oyo", country="NG", phone="+2348012345678")
    person = Buyer(email=buyer.email, user_id=buyer.pk)
    return OrderRequest(person, address, address, scope="isolation", request_key="isolation")


def _shop_args(shop: Shop, stocked: Stocked, draft_id: Any, people: dict[str, User]) -> dict[str, Any]:
    now = timezone.now()
    with schema_context(shop.schema_name):
        image = ProductImage.objects.create(product_id=draft_id, file="shops/1/draft-800.webp")
    invite_member(
        shop_id=shop.pk,
        email=people["invitee"].email,
        role=Role.MANAGER,
        invited_by_id=people["owner"].pk,
        now=now,
    )
    BankAccount.objects.create(
        shop=shop,
        currency="NGN",
        bank_code="058",
        bank_name="A bank",
        number=SECRETS["an account number"],
        holder_name=SECRETS["an account's holder"],
        verified_at=now,
        usable_from=now,
        created_at=now,
    )
    claim_domain(shop_id=shop.pk, host=SECRETS["a claimed domain"], actor_id=people["owner"].pk, now=now)
    return {
        "product_id": draft_id,
        "variant_id": stocked.variant_id,
        "image_id": image.pk,
        "member_id": Membership.objects.get(shop=shop, role=Role.VIEWER).pk,
        "invitation_id": Invitation.objects.get(shop=shop).pk,
        "claim_id": DomainClaim.objects.get(shop=shop).pk,
        "coupon_id": _codes(shop),
        "offer_id": automatic_offer(shop, name=SECRETS["a paused offer's name"], is_paused=True).pk,
        "export_id": export_of(shop),
        "import_id": _import(shop, people["owner"]),
        "zone_id": add_zone(shop=shop, zone=ZONE, actor_id=people["owner"].pk, now=now).id,
        "method_id": ZONE.methods[0].id,
    }


def _codes(shop: Shop | None) -> Any:
    """Codes for one use each, of a shop or of the platform."""
    data = CouponInput(code="QZ", kind=CouponKind.FREE_DELIVERY)
    secret = SECRETS["a coupon's code"] if shop else "QZPLATFORM"
    codes = create_codes(shop=shop, data=data, count=2, prefix=secret, actor_id=None, now=timezone.now())
    return codes[0].pk


def _import(shop: Shop, owner: User) -> Any:
    """A file of prices that waits for its confirmation."""
    body, name = f"sku,price\n{DRAFT_SKU},5\n".encode(), SECRETS["an imported file"]
    made = check_upload(
        shop=shop,
        upload=BytesIO(body),
        file_name=name,
        size=len(body),
        created_by_id=owner.pk,
        now=timezone.now(),
    )
    return made.pk


def _platform_args(shop: Shop, stocked: Stocked, order: Order, buyer: User, invitee: User) -> dict[str, Any]:
    now = timezone.now()
    notify(
        user_id=buyer.pk, kind="order.paid", title=SECRETS["a notification"], body="", url="/", dedup_key="qz", now=now
    )
    payout = payout_of(shop)
    return {
        **_paid_args(order),
        **_applied_args(buyer, invitee),
        "difference_id": difference(now=now).pk,
        "finding_id": finding(now=now, subject=f"order {order.number}").pk,
        "run_id": payout.run_id,
        "payout_id": payout.pk,
        "listing_id": stocked.product_id,
        "listing_slug": Listing.objects.get(pk=stocked.product_id).slug,
        "person_id": buyer.pk,
        "coupon_id": _codes(None),
        "code": "QZCODE",
        "job_id": BulkJob.objects.create(shop_id=shop.pk, kind="isolation", created_at=now).pk,
        "slug": shop.slug,
        "station_id": _station().pk,
        "rule_id": rule_on(SECRETS["a commission rule"], shop_id=shop.pk, percent_bps=700).pk,
        "part": order.sub_orders.get().number,
        "sub_order": order.sub_orders.get().number,
        "position": 1,
        "shipment_id": 1,
        "category_id": ensure_categories(categories=[CategoryInput("Fashion")])["fashion"],
        "variant_id": stocked.variant_id,
        "number": order.number,
        "journal_id": Journal.objects.aggregate(last=Max("pk"))["last"],
        "address_id": address_of(buyer, line1=SECRETS["an address in a book"]).pk,
        "notification_id": Notification.objects.get(user=buyer, dedup_key="qz").pk,
        "invitation_id": Invitation.objects.get(shop=shop).pk,
        "claim_id": DomainClaim.objects.get(shop=shop).pk,
    }


def _paid_args(order: Order) -> dict[str, Any]:
    """Return a captured payment of the order, a refund that has failed, and an event that could not be processed."""
    now = timezone.now()
    payment = Payment.objects.create(
        order=order,
        provider="paystack",
        reference=new_reference(),
        amount_minor=order.total_minor,
        captured_minor=order.total_minor,
        currency="NGN",
        status=PaymentStatus.CAPTURED,
        note=SECRETS["a payment's note"],
        created_at=now,
        captured_at=now,
    )
    refund = Refund.objects.create(
        payment=payment, amount_minor=100, currency="NGN", reason="Too much", status="failed", created_at=now
    )
    event = InboundEvent.objects.create(
        provider="paystack", digest="ab" * 32, kind="charge.success", body=b"{}", status="failed", received_at=now
    )
    return {
        "reference": payment.reference,
        "refund_id": refund.pk,
        "event_id": event.pk,
    }


def _applied_args(buyer: User, invitee: User) -> dict[str, Any]:
    """Return a draft of an application and one that was sent, each with a document."""
    draft, sent = _application(buyer.pk, "qz-draft"), _application(invitee.pk, "qz-sent")
    papers = {application.pk: add_paper(application).pk for application in (draft, sent)}
    ShopApplication.objects.filter(pk=sent.pk).update(status="submitted", submitted_at=timezone.now())
    return {
        "application_id": draft.pk,
        "document_id": papers[draft.pk],
        "sent_application_id": sent.pk,
        "sent_document_id": papers[sent.pk],
    }


def _station() -> Station:
    data = StationInput(
        name="Ikeja", address="1 Road", town="Ikeja", subdivision="NG-LA", country="NG", opening_hours="Always"
    )
    return add_station(data=data)


def _application(applicant_id: int, slug: str) -> ShopApplication:
    application = started(applicant_id=applicant_id, slug=slug)
    ShopApplication.objects.filter(pk=application.pk).update(
        kind="individual",
        legal_name=SECRETS["an applicant's name"],
        bank_code="058",
        account_number=SECRETS["an account number"],
        account_name=SECRETS["an applicant's name"],
        account_state="resolved",
    )
    return application
