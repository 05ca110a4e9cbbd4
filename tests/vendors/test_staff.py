"""The shop's staff page, its activity page and both over the API."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from kit.wiring import contributions
from tenants.access import ROLE_SUMMARIES, all_capabilities, can
from tenants.models import Invitation, Membership, Role, Shop, ShopEvent, ShopEventKind
from tenants.shops.audit_trail import record_event
from tenants.shops.particulars import Particular
from tenants.shops.selectors import members_of, role_in
from tests.world.clock import NOW
from tests.world.own_shop import api, member, page_client
from tests.world.staff import invite
from vendors.navigation import ENTRIES, entries_for

pytestmark = pytest.mark.django_db
EMAIL = "bola@example.com"
AS_STORED: dict[str, object] = {"role": "owner", "problem": "no_record", "closes_at": "2026-03-02", "rows": 1000}


@pytest.fixture
def shop(shops: list[Shop]) -> Shop:
    return shops[0]


@pytest.fixture
def owner(shop: Shop) -> User:
    return members_of(shop_id=shop.pk)[0].user


@pytest.fixture
def desk(shop: Shop, owner: User) -> Client:
    return page_client(shop, owner)


def test_the_matrix_is_explained_in_words() -> None:
    assert len(all_capabilities()) == len({capability.label for capability in all_capabilities()})
    assert set(ROLE_SUMMARIES) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_the_navigation_shows_what_opens_and_nothing_else(shop: Shop, role: Role) -> None:
    client = page_client(shop, member(shop, role))
    page = client.get("/dashboard/").content.decode()
    for entry in ENTRIES:
        path = reverse(entry.route, urlconf=settings.ROOT_URLCONF)
        is_shown = f'class="side-link" href="{path}"' in page
        assert is_shown == can(role, entry.capability) == (entry in entries_for(role)), entry
        assert client.get(path, follow=True).status_code == (200 if is_shown else 403), entry


def test_an_owner_invites_and_withdraws(desk: Client, shop: Shop) -> None:
    answer = desk.post("/dashboard/staff/invite/", {"email": "Bola@Example.com", "role": "manager"}, follow=True)
    assert "We have sent an invitation to bola@example.com." in answer.content.decode()
    offer = Invitation.objects.get(shop=shop, email=EMAIL)
    answer = desk.post(f"/dashboard/staff/invitations/{offer.pk}/revoke/", follow=True)
    assert "is withdrawn" in answer.content.decode()
    offer.refresh_from_db()
    assert offer.revoked_at is not None
    desk.post(f"/dashboard/staff/invitations/{offer.pk}/revoke/")
    assert ShopEvent.objects.filter(kind="member.invitation_revoked").count() == 1


@pytest.mark.parametrize("data", [{"email": "no address", "role": "viewer"}, {"email": EMAIL, "role": "king"}, {}])
def test_a_faulty_invitation_is_marked_beside_the_field(desk: Client, data: dict[str, str]) -> None:
    answer = desk.post("/dashboard/staff/invite/", data)
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_again(desk: Client, owner: User) -> None:
    answer = desk.post("/dashboard/staff/invite/", {"email": owner.email, "role": "viewer"})
    assert answer.status_code == 409
    assert "works in the shop already" in answer.content.decode()


def test_a_role_changed_counts_from_the_next_request(desk: Client, shop: Shop) -> None:
    manager = member(shop, Role.MANAGER)
    theirs = page_client(shop, manager)
    assert theirs.get("/dashboard/balance/").status_code == 200
    membership = Membership.objects.get(user=manager)
    assert desk.post(f"/dashboard/staff/{membership.pk}/", {"role": "viewer"}).status_code == 302
    assert theirs.get("/dashboard/balance/").status_code == 403
    assert desk.get(f"/dashboard/staff/{membership.pk}/remove/").status_code == 200
    assert desk.post(f"/dashboard/staff/{membership.pk}/remove/").status_code == 302
    assert theirs.get("/dashboard/").status_code == 404
    assert api(shop, manager).get("/api/v1/shop/").status_code == 403


def test_the_last_owner_is_kept_with_the_reason_on_the_page(desk: Client, shop: Shop, owner: User) -> None:
    membership = Membership.objects.get(user=owner)
    answer = desk.post(f"/dashboard/staff/{membership.pk}/", {"role": "viewer"})
    assert answer.status_code == 400
    assert "A shop needs an owner" in answer.content.decode()
    answer = desk.post("/dashboard/staff/leave/")
    assert answer.status_code == 409
    assert "A shop needs an owner" in answer.content.decode()
    assert role_in(owner, shop) == Role.OWNER


def test_an_owner_who_steps_down_is_led_to_a_page_that_opens(desk: Client, shop: Shop, owner: User) -> None:
    member(shop, Role.OWNER)
    membership = Membership.objects.get(user=owner)
    answer = desk.post(f"/dashboard/staff/{membership.pk}/", {"role": "viewer"}, follow=True)
    assert answer.status_code == 200


def test_anybody_can_leave(shop: Shop) -> None:
    viewer = member(shop, Role.VIEWER)
    client = page_client(shop, viewer)
    assert client.get("/dashboard/staff/leave/").status_code == 200
    answer = client.post("/dashboard/staff/leave/")
    assert answer.headers["Location"].endswith("/account/shops/")
    assert role_in(viewer, shop) is None


@pytest.mark.parametrize("status", ["suspended", "closing", "closed"])
def test_nobody_is_kept_in_a_shop_that_does_not_run(shop: Shop, status: str) -> None:
    viewer = member(shop, Role.VIEWER)
    Shop.objects.filter(pk=shop.pk).update(status=status)
    assert page_client(shop, viewer).post("/dashboard/staff/leave/").status_code == 302
    assert role_in(viewer, shop) is None


def test_a_manager_sees_the_staff_and_changes_nothing(shop: Shop, owner: User) -> None:
    client = page_client(shop, member(shop, Role.MANAGER))
    page = client.get("/dashboard/staff/").content.decode()
    assert owner.email in page
    assert "Send invitation" not in page
    membership = Membership.objects.get(user=owner)
    for path in ("invite/", f"{membership.pk}/", f"{membership.pk}/remove/"):
        assert client.post(f"/dashboard/staff/{path}", {"email": EMAIL, "role": "owner"}).status_code == 403
    assert role_in(owner, shop) == Role.OWNER
    assert not Invitation.objects.exists()


def test_the_activity_is_filtered_paged_and_taken_away(desk: Client, shop: Shop, owner: User) -> None:
    for number in range(30):
        record_event(
            shop_id=shop.pk, actor_id=None, kind=ShopEventKind.PROFILE_CHANGED, subject=f"=cmd{number}", now=NOW
        )
    invite(shop, EMAIL, Role.VIEWER)
    page = desk.get("/dashboard/activity/").content.decode()
    assert EMAIL in page
    assert "=cmd29" in page
    assert "=cmd2<" not in page
    assert "?before=" in page
    one = desk.get(f"/dashboard/activity/?kind=member.invited&who={owner.pk}&days=7").content.decode()
    assert EMAIL in one
    assert "=cmd" not in one
    none = desk.get("/dashboard/activity/?kind=member.left").content.decode()
    assert "Nothing matches" in none
    assert desk.get("/dashboard/activity/?kind=x&who=y&days=z&before=q").status_code == 200
    answer = desk.get("/dashboard/activity/activity.csv?who=0")
    text = answer.getvalue().decode()
    lines = text.splitlines()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert len(lines) == 31
    assert "'=cmd29" in lines[1]
    assert EMAIL not in text


def test_the_api_does_the_same(shop: Shop, owner: User, make_user: Callable[..., User]) -> None:
    client = api(shop, owner)
    made = client.post("/api/v1/invitations/", {"email": EMAIL, "role": "viewer"})
    assert made.status_code == 201
    assert [one["email"] for one in client.get("/api/v1/invitations/").json()["data"]] == [EMAIL]
    assert client.delete(f"/api/v1/invitations/{made.json()['data']['id']}/").status_code == 204
    assert client.delete(f"/api/v1/invitations/{made.json()['data']['id']}/").json()["code"] == "invitation_spent"
    viewer = member(shop, Role.VIEWER)
    membership = Membership.objects.get(user=viewer)
    changed = client.patch(f"/api/v1/members/{membership.pk}/", {"role": "accountant"})
    assert changed.json()["data"]["role"] == "accountant"
    assert client.patch(f"/api/v1/members/{membership.pk}/", {"role": "king"}).status_code == 400
    assert {one["email"] for one in client.get("/api/v1/members/").json()["data"]} == {owner.email, viewer.email}
    assert client.delete(f"/api/v1/members/{membership.pk}/").status_code == 204
    assert client.delete(f"/api/v1/members/{membership.pk}/").json()["code"] == "not_staff"
    assert client.delete("/api/v1/members/me/").json()["code"] == "last_owner"
    trail = client.get("/api/v1/activity/").json()["data"]["results"]
    assert [entry["kind"] for entry in trail][:2] == ["member.removed", "member.role_changed"]
    assert trail[1]["text"] == "Viewer → Accountant"
    assert client.get("/api/v1/activity/?kind=nothing").status_code == 400


def test_the_activity_names_every_particular_in_french(desk: Client, shop: Shop, owner: User) -> None:
    named = {each.name: str(each.label) for each in contributions(Particular) if each.label}
    details = {name: AS_STORED.get(name, "NGN 18,500.50") for name in named}
    details |= {"before": "live", "after": "holiday"}
    record_event(shop_id=shop.pk, actor_id=owner.pk, kind=ShopEventKind.STATUS_CHANGED, details=details, now=NOW)
    record_event(
        shop_id=shop.pk, actor_id=owner.pk, kind=ShopEventKind.PROFILE_CHANGED, subject="contact phone, logo", now=NOW
    )
    english = desk.get("/dashboard/activity/").content.decode()
    assert [label for label in named.values() if f"{label}: " not in english] == []
    assert "Live → On holiday" in english
    assert "amount: ₦18,500.50" in english
    french = desk.get("/dashboard/activity/", headers={"accept-language": "fr"}).content.decode()
    same = {"application", "import"}  # the same word in both
    assert [name for name, label in named.items() if f"{label}: " in french or f"{name}: " in french] == []
    assert {name for name, label in named.items() if f"; {label}\xa0: " in french} <= same
    for words in (
        "Ouverte → En congés",
        "montant\xa0: 18\xa0500,50\xa0NGN",
        "téléphone de contact, logo",
        "Propriétaire",
    ):
        assert words in french, words
    assert "contact phone" not in french


def test_the_api_gives_moments_of_the_activity_in_its_own_form(shop: Shop, owner: User) -> None:
    details = {"usable_from": "2026-03-02T10:30:00.250000+01:00", "seen": ["2026-03-02T09:30:00+00:00", "2026-03-02"]}
    record_event(
        shop_id=shop.pk, actor_id=None, kind=ShopEventKind.PROFILE_CHANGED, subject="", now=NOW, details=details
    )
    [event] = api(shop, owner).get("/api/v1/activity/?kind=shop.profile_changed").json()["data"]["results"]
    assert event["details"] == {
        "usable_from": "2026-03-02T09:30:00.250Z",
        "seen": ["2026-03-02T09:30:00.000Z", "2026-03-02"],
    }


def test_the_api_pages_the_activity(shop: Shop, owner: User) -> None:
    for number in range(25):
        record_event(shop_id=shop.pk, actor_id=None, kind=ShopEventKind.PROFILE_CHANGED, subject=str(number), now=NOW)
    client = api(shop, owner)
    first = client.get("/api/v1/activity/?kind=shop.profile_changed").json()["data"]
    second = client.get(first["next"]).json()["data"]
    assert [entry["subject"] for entry in first["results"] + second["results"]] == [str(n) for n in range(24, -1, -1)]
    assert second["next"] is None


def test_another_shop_s_people_and_invitations_are_not_there(shops: list[Shop], owner: User) -> None:
    own, other = shops
    stranger = members_of(shop_id=other.pk)[0]
    invite(other, EMAIL, Role.VIEWER)
    offer = Invitation.objects.get()
    client, desk = api(own, owner), page_client(own, owner)
    assert client.patch(f"/api/v1/members/{stranger.pk}/", {"role": "viewer"}).status_code == 404
    assert client.delete(f"/api/v1/members/{stranger.pk}/").status_code == 404
    assert client.delete(f"/api/v1/invitations/{offer.pk}/").status_code == 404
    assert desk.post(f"/dashboard/staff/{stranger.pk}/", {"role": "viewer"}).status_code == 404
    assert desk.post(f"/dashboard/staff/{stranger.pk}/remove/").status_code == 404
    assert desk.post(f"/dashboard/staff/invitations/{offer.pk}/revoke/").status_code == 404
    for path in ("/dashboard/staff/", "/dashboard/activity/", "/dashboard/activity/activity.csv"):
        body = desk.get(path).getvalue().decode()
        assert EMAIL not in body
        assert stranger.user.email not in body
    assert role_in(stranger.user, other) == Role.OWNER
