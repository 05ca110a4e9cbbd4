"""The market's categories: the tree, adding, changing, merging and deleting."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from catalogue.discovery.models import Category
from catalogue.discovery.selectors.categories import (
    CategoryTree,
    category_version,
    get_category,
    listings_by_category,
    read_tree,
)
from console.access import operators_only
from console.forms.categories import CategoryForm, RemovalForm
from console.selectors.audit_sentences import history_of
from console.services.categories import add_category, change_category, remove_category, subject_of
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version

LOOK_OR_CHANGE = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422


@operators_only
@LOOK_OR_CHANGE
def category_list(request: HttpRequest) -> HttpResponse:
    """Show the tree with how many products each has, and add a category."""
    tree = read_tree()
    form = CategoryForm(request.POST or None, tree=tree)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_category(**form.values(), actor_id=signed_in_user(request).pk, now=timezone.now())
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("“%(name)s” is added.") % {"name": added.name})
            return redirect("console:categories")
    context = {"rows": _rows(tree), "form": form}
    return render(request, "console/categories.html", context, status=_status(form))


@operators_only
@LOOK_OR_CHANGE
def category_page(request: HttpRequest, category_id: int) -> HttpResponse:
    """Show one category, rename and move it."""
    category, tree = or_404(get_category, category_id=category_id), read_tree()
    form = CategoryForm(request.POST or None, tree=tree, initial=CategoryForm.initial_from(category))
    version, is_stale = shown_version(request, category_version(category)), False
    if request.method == "POST" and form.is_valid():
        try:
            change_category(
                category_id=category_id,
                **form.values(),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            category, is_stale = or_404(get_category, category_id=category_id), True
            version = category_version(category)
            show_what_is_saved(form, error, saved=form.initial_from(category))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("console:category", category_id=category_id)
    context = {**_context(tree, category), "form": form, "version": version}
    return render(request, "console/category.html", context, status=CONFLICT if is_stale else _status(form))


@operators_only
@LOOK_OR_CHANGE
def category_remove(request: HttpRequest, category_id: int) -> HttpResponse:
    """Ask for the target of a category's products, then merge it into another or delete it."""
    category, tree = or_404(get_category, category_id=category_id), read_tree()
    form = RemovalForm(request.POST or None, tree=tree, category_id=category_id)
    if request.method == "POST" and form.is_valid():
        try:
            remove_category(
                category_id=category_id,
                **form.values(),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, gettext("“%(name)s” is no longer a category.") % {"name": category.name})
            return redirect("console:categories")
    context = {**_context(tree, category), "form": form, "version": category_version(category)}
    return render(request, "console/category_remove.html", context, status=_status(form))


def _status(form: Any) -> int:
    return REFUSED if form.errors else 200


def _rows(tree: CategoryTree) -> list[dict[str, Any]]:
    own, whole = _counts(tree)
    rows: list[dict[str, Any]] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for node in tree.children_of(parent_id):
            indent = "\u2003" * depth
            rows.append({"node": node, "indent": indent, "own": own[node.id], "whole": whole[node.id]})
            walk(node.id, depth + 1)

    walk(None, 0)
    return rows


def _counts(tree: CategoryTree) -> tuple[Counter[int], Counter[int]]:
    """Return the number of listings in each category itself, and with its subtree."""
    own, whole = Counter[int](), Counter[int]()
    for category_id, count in listings_by_category().items():
        path = tree.path_to(category_id)
        whole.update({node.id: count for node in path})
        if path:
            own[path[-1].id] += count
    return own, whole


def _context(tree: CategoryTree, category: Category) -> dict[str, Any]:
    own, whole = _counts(tree)
    return {
        "category": category,
        "own": own[category.pk],
        "whole": whole[category.pk],
        "below": tree.children_of(category.pk),
        "entries": history_of(subjects=[subject_of(category)]),
        "crumbs": [{"label": gettext("Categories"), "url": reverse("console:categories")}, {"label": category.name}],
    }
