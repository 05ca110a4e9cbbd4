"""The shop's settings: profile, policies, delivery, bank account."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from catalogue.selectors.pictures import picture_url
from gateway.bank_accounts import BankSilentError, list_banks
from kit.errors import DomainError
from kit.web.body_rules import takes_files
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, shown_version
from payouts.capabilities import MANAGE_BANK_ACCOUNT, VIEW_BALANCE
from payouts.selectors.bank_accounts import current_bank_account
from payouts.services.bank_accounts import change_bank_account
from tenants.applications.holder_names import shop_name_difference
from tenants.capabilities import MANAGE_PROFILE
from tenants.models import ShopStatus
from tenants.shops.profile import profile_version, update_profile
from vendors.access import StaffRequest, staff_only
from vendors.forms.settings import (
    AccountForm,
    PoliciesForm,
    ProfileForm,
    add_refusal,
    show_saved_shop,
)
from vendors.services.profile import save_profile
from vendors.views.dashboard_page import dashboard_page, may

REFUSED = 422
LOOK_OR_CHANGE = require_http_methods(["GET", "HEAD", "POST"])
TABS = (
    ("vendors:settings-profile", gettext_lazy("Profile"), MANAGE_PROFILE),
    ("vendors:settings-policies", gettext_lazy("Policies"), MANAGE_PROFILE),
    ("vendors:settings-returns", gettext_lazy("Returns"), MANAGE_PROFILE),
    ("vendors:settings-delivery", gettext_lazy("Delivery"), MANAGE_PROFILE),
    ("vendors:settings-tax", gettext_lazy("Tax"), MANAGE_PROFILE),
    ("vendors:settings-bank-account", gettext_lazy("Bank account"), VIEW_BALANCE),
    ("vendors:settings-payouts", gettext_lazy("Payout days"), VIEW_BALANCE),
)


@staff_only(VIEW_BALANCE)
@require_safe
def settings_index(request: StaffRequest) -> HttpResponse:
    """Lead to the first page of the settings that the person may open."""
    return redirect(next(route for route, _, capability in TABS if may(request, capability)))


@takes_files
@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def profile(request: StaffRequest) -> HttpResponse:
    """Change the shop's profile and pictures."""
    shop, is_sent = request.shop, request.method == "POST"
    form = ProfileForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial=ProfileForm.initial_from(shop),
    )
    version = shown_version(request, profile_version(shop, form.WORDS))
    if is_sent and form.is_valid():
        try:
            save_profile(
                shop=shop,
                fields=form.words(),
                uploads=form.uploads(),
                removes=form.removes(),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
                seen_fields=form.WORDS,
            )
            return saved(request, gettext("Your profile is saved."), "vendors:settings-profile")
        except ChangedMeanwhileError as error:
            shop = show_saved_shop(form, error, shop=shop, initial=ProfileForm.initial_from)
            version = profile_version(shop, form.WORDS)
        except DomainError as error:
            add_refusal(form, error)
    context = {
        "form": form,
        "version": version,
        "logo": shop.logo,
        "banner_url": picture_url(shop.banner),
    }
    return settings_page(request, "vendors/settings_profile.html", context)


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def policies(request: StaffRequest) -> HttpResponse:
    """Change the shop's policies."""
    shop, is_sent = request.shop, request.method == "POST"
    form = PoliciesForm(request.POST if is_sent else None, initial=PoliciesForm.initial_from(shop))
    version = shown_version(request, profile_version(shop, form.WORDS))
    if is_sent and form.is_valid():
        try:
            update_profile(
                shop_id=shop.pk,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
                seen_fields=form.WORDS,
                **form.cleaned_data,
            )
            return saved(request, gettext("Your policies are saved."), "vendors:settings-policies")
        except ChangedMeanwhileError as error:
            shop = show_saved_shop(form, error, shop=shop, initial=PoliciesForm.initial_from)
            version = profile_version(shop, form.WORDS)
    context = {"form": form, "version": version}
    return settings_page(request, "vendors/settings_policies.html", context)


@staff_only(VIEW_BALANCE, to_change=MANAGE_BANK_ACCOUNT)
@LOOK_OR_CHANGE
def bank_account(request: StaffRequest) -> HttpResponse:
    """Show the bank account of payouts, which owners can change."""
    shop, now = request.shop, timezone.now()
    account = current_bank_account(shop_id=shop.pk)
    context: dict[str, Any] = {
        "account": account,
        "name_difference": shop_name_difference(shop=shop, holder_name=account.holder_name) if account else "",
        "is_cooling": account is not None and account.usable_from > now,
        "may_change": may(request, MANAGE_BANK_ACCOUNT),
    }
    if not context["may_change"]:
        return settings_page(request, "vendors/settings_bank_account.html", context)
    try:
        banks = list_banks(currency=shop.currency)
    except BankSilentError as error:
        return settings_page(request, "vendors/settings_bank_account.html", {**context, "silence": error.message})
    form = AccountForm(request.POST if request.method == "POST" else None, banks=banks)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_bank_account(
                shop_id=shop.pk, **form.cleaned_data, actor_id=signed_in_user(request).pk, now=now
            )
            text = gettext("%(bank_name)s says that the account belongs to %(holder_name)s.") % {
                "bank_name": changed.bank_name,
                "holder_name": changed.holder_name,
            }
            return saved(request, text, "vendors:settings-bank-account")
        except DomainError as error:
            add_refusal(form, error)
    return settings_page(request, "vendors/settings_bank_account.html", {**context, "form": form})


def saved(request: StaffRequest, text: str, route: str) -> HttpResponse:
    """Add the message that settings are saved, and redirect to their page or to the checklist of a draft."""
    messages.success(request, text)
    return redirect("vendors:setup" if request.shop.status == ShopStatus.DRAFT else route)


def settings_page(request: StaffRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Return a page of the settings with its tabs; its status says whether its form was refused."""
    form = context.get("form")
    tabs = [
        {"label": label, "url": reverse(route), "current": reverse(route) == request.path}
        for route, label, capability in TABS
        if may(request, capability)
    ]
    is_setting_up = request.shop.status == ShopStatus.DRAFT
    status = 200
    if form is not None and form.errors:
        status = CONFLICT if form.has_error(NON_FIELD_ERRORS, ChangedMeanwhileError.code) else REFUSED
    return dashboard_page(request, template, {"tabs": tabs, "is_setting_up": is_setting_up, **context}, status=status)
