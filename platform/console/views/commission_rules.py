"""Commission rules: the list, drafting, changing, trying, switching on and ending."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from checkout.commission.trials import start_trial
from console.access import operators_only
from console.filters import chosen, options, typed
from console.forms.actions import ReasonForm
from console.forms.commission import EndForm, RuleForm
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.selectors.commission import ShownRule, shown_trial
from console.selectors.shops import shop_id_of
from console.services import commission_rules as services
from console.views.reasons import SAY_WHY
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from payouts.commission.announcements import count_notified, letters_due_at
from payouts.commission.selectors import get_rule, last_trial, list_rules, rule_version
from payouts.models import CommissionRule, RuleStatus

LOOK_OR_CHANGE = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422


@operators_only
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """List rules by status and shop, the newest first."""
    status, slug, now = chosen(request, "status", RuleStatus.choices), typed(request, "shop"), timezone.now()
    page = paginate(request, list_rules(status=status, shop_id=shop_id_of(slug), now=now))
    context = {
        "page": page,
        "rules": [ShownRule.of(rule, now=now) for rule in page.rows],
        "statuses": options(RuleStatus.choices, status, everything=gettext("Any status")),
        "shop_slug": slug,
        "is_filtered": bool(status or slug),
    }
    return render(request, "console/commission_rules.html", context)


@operators_only
@LOOK_OR_CHANGE
def rule_new(request: HttpRequest) -> HttpResponse:
    """Draft a rule."""
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rule = services.draft_rule(data=form.to_input(), **_act(request, form))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The draft is saved. Try it on last month’s orders before it is on."))
            return redirect("console:commission-rule", rule_id=rule.pk)
    context = {"form": form, "crumbs": _crumbs(gettext("New rule"))}
    return render(request, "console/commission_rule.html", context, status=REFUSED if form.errors else 200)


@operators_only
@LOOK_OR_CHANGE
def rule_page(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Show a rule with its trial and history, and change it while it is a draft."""
    rule = or_404(get_rule, rule_id=rule_id)
    form = RuleForm(request.POST or None, initial=RuleForm.initial_of(rule))
    version, is_stale = shown_version(request, rule_version(rule)), False
    if request.method == "POST" and form.is_valid():
        entered = form.to_input()
        try:
            services.change_rule(
                rule_id=rule_id, revise=lambda _: entered, seen=sent_version(request), **_act(request, form)
            )
        except ChangedMeanwhileError as error:
            rule, is_stale = or_404(get_rule, rule_id=rule_id), True
            version = rule_version(rule)
            show_what_is_saved(form, error, saved=form.saved(RuleForm.initial_of(rule)))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The draft is saved."))
            return redirect("console:commission-rule", rule_id=rule_id)
    status = CONFLICT if is_stale else REFUSED if form.errors else 200
    return _page(request, rule, form, version=version, status=status)


@operators_only
@require_POST
def rule_try(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Begin a trial of a rule on last month's orders."""
    rule = or_404(get_rule, rule_id=rule_id)
    start_trial(rule=rule, actor_id=signed_in_user(request).pk, now=timezone.now())
    messages.success(request, gettext("The trial has started. Load this page again to see its progress."))
    return redirect("console:commission-rule", rule_id=rule_id)


@operators_only
@require_POST
def rule_switch_on(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Switch a rule on, in the version that was seen."""
    form, replaces = ReasonForm(request.POST), "replaces" in request.POST
    return _do(request, rule_id, form, lambda **act: services.switch_rule_on(replaces=replaces, **act))


@operators_only
@require_POST
def rule_end(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Set the end of a rule, in the version that was seen."""
    form = EndForm(request.POST)
    return _do(request, rule_id, form, lambda **act: services.end_rule(ends_at=form.cleaned_data["ends_at"], **act))


@operators_only
@require_POST
def rule_discard(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Delete a draft, in the version that was seen."""
    rule, form = or_404(get_rule, rule_id=rule_id), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, SAY_WHY)
        return redirect("console:commission-rule", rule_id=rule_id)
    try:
        services.discard_rule(rule_id=rule_id, seen=sent_version(request), **_act(request, form))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("console:commission-rule", rule_id=rule_id)
    messages.success(request, gettext("The draft “%(name)s” is discarded.") % {"name": rule.name})
    return redirect("console:commission-rules")


def _do(request: HttpRequest, rule_id: UUID, form: ReasonForm, act: Callable[..., object]) -> HttpResponse:
    or_404(get_rule, rule_id=rule_id)
    if not form.is_valid():
        messages.error(request, SAY_WHY if "reason" in form.errors else gettext("Enter the end as a date and a time."))
        return redirect("console:commission-rule", rule_id=rule_id)
    try:
        act(rule_id=rule_id, seen=sent_version(request), **_act(request, form))
        messages.success(request, gettext("Done. The reason is in the audit log."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:commission-rule", rule_id=rule_id)


def _page(request: HttpRequest, rule: CommissionRule, form: RuleForm, *, version: str, status: int) -> HttpResponse:
    now = timezone.now()
    shown, trial = ShownRule.of(rule, now=now), last_trial(rule=rule)
    may_end = shown.status in {RuleStatus.PLANNED, RuleStatus.ON}
    context = {
        "form": form,
        "rule": rule,
        "shown": shown,
        "is_draft": shown.status == RuleStatus.DRAFT,
        "begins_at_once": rule.starts_at is not None and rule.starts_at <= now,
        "told": count_notified(rule_id=rule.pk),
        "letters_at": letters_due_at(rule_id=rule.pk) if may_end else None,
        "letter_minutes": settings.COMMISSION_LETTER_MINUTES,
        "may_end": may_end,
        "trial": shown_trial(trial) if trial else None,
        "version": version,
        "entries": history_of(subjects=[services.subject_of(rule)]),
        "crumbs": _crumbs(rule.name),
    }
    return render(request, "console/commission_rule.html", context, status=status)


def _act(request: HttpRequest, form: ReasonForm) -> dict[str, Any]:
    return {
        "actor_id": signed_in_user(request).pk,
        "reason": form.cleaned_data["reason"],
        "now": timezone.now(),
    }


def _crumbs(name: str) -> list[dict[str, str]]:
    return [{"label": gettext("Commission"), "url": reverse("console:commission-rules")}, {"label": name}]
