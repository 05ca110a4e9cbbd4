"""The market's categories over the operators' API."""

from http import HTTPStatus
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from catalogue.discovery.errors import CategoryCycleError, CategoryNotFoundError
from catalogue.discovery.models import Category
from catalogue.discovery.selectors.categories import category_version, get_category, list_categories
from catalogue.discovery.services.categories import MAX_NAME, MAX_POSITION
from console.access import OperatorApi
from console.forms.actions import REASON_LENGTH
from console.services.categories import add_category, change_category, remove_category
from kit.api.idempotent import takes_key
from kit.api.input import InputSerializer
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, refusal, sent
from kit.text.serializers import NameField, ParagraphsField
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current

TAGS = ["Operators: categories"]
BAGS = {"id": 12, "name": "Bags", "slug": "bags", "parent_id": 3, "position": 0}
EXAMPLES = [OpenApiExample("A category", value=BAGS, response_only=True, status_codes=["200", "201"])]
NONE = refusal("There is no such category.", CategoryNotFoundError)
STALE = CHANGED_MEANWHILE
BELOW = refusal("It is the category itself, or below it; nothing is changed.", CategoryCycleError)


class OperatorCategoryOutput(serializers.Serializer[Any]):
    """A category."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField(help_text="Stays the same when the name changes.")
    parent_id = serializers.IntegerField(allow_null=True)
    position = serializers.IntegerField(help_text="Of those with the same parent the lowest comes first.")


class ReasonInput(InputSerializer):
    """Reason of an action; kept in the audit log."""

    reason = ParagraphsField(min_length=REASON_LENGTH[0], max_length=REASON_LENGTH[1])


class CategoryInput(ReasonInput):
    """A category, and why."""

    name = NameField(max_length=MAX_NAME)
    parent_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, help_text="Null: at the top.")
    position = serializers.IntegerField(required=False, min_value=0, max_value=MAX_POSITION)


class CategoryPatch(CategoryInput):
    """Changes of a category, and the reason; fields that are left out are kept."""

    name = NameField(max_length=MAX_NAME, required=False)


class RemovalInput(ReasonInput):
    """The category that receives the products, and the reason."""

    into_id = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="A category. Left out: they are left without one."
    )


class OperatorCategoryListApi(OperatorApi):
    """The categories."""

    @extend_schema(
        operation_id="operator_categories_list",
        summary="List categories",
        tags=TAGS,
        responses={200: OperatorCategoryOutput(many=True)},
        examples=[OpenApiExample("Some", value=[BAGS], response_only=True, status_codes=["200"])],
    )
    def get(self, _request: Request) -> Response:
        """Return all categories in use, in their order."""
        return Response(OperatorCategoryOutput(list_categories(), many=True).data)

    @takes_key()
    @extend_schema(
        operation_id="operator_category_create",
        summary="Add a category",
        tags=TAGS,
        request=CategoryInput,
        responses={201: OperatorCategoryOutput, 400: INVALID, 404: NONE, 409: BELOW},
        examples=[
            sent("Below another", {"name": "Bags", "parent_id": 3, "reason": "The vendor asked for it by phone."}),
            *EXAMPLES,
        ],
    )
    def post(self, request: Request) -> Response:
        """Add a category; its slug is made of its name."""
        data = CategoryInput(data=request.data)
        data.is_valid(raise_exception=True)
        added = add_category(
            name=data.validated_data["name"],
            parent_id=data.validated_data.get("parent_id"),
            position=data.validated_data.get("position", 0),
            actor_id=signed_in_user(request).pk,
            reason=data.validated_data["reason"],
            now=timezone.now(),
        )
        answered = _answer(added, status=HTTPStatus.CREATED)
        answered["Location"] = f"{request.path}{answered.data['id']}/"
        return answered


class OperatorCategoryApi(OperatorApi):
    """One category."""

    @extend_schema(
        operation_id="operator_category_read",
        summary="Read a category",
        tags=TAGS,
        responses={200: OperatorCategoryOutput, 404: NONE},
        examples=EXAMPLES,
    )
    def get(self, _request: Request, category_id: int) -> Response:
        """Return a category."""
        return _answer(get_category(category_id=category_id))

    @extend_schema(
        operation_id="operator_category_update",
        summary="Rename or move a category",
        tags=TAGS,
        request=CategoryPatch,
        parameters=[IF_MATCH],
        responses={200: OperatorCategoryOutput, 400: INVALID, 404: NONE, 409: BELOW, 412: STALE},
        examples=[
            sent("Another name", {"name": "Bags and cases", "reason": "The vendor asked for it by phone."}),
            *EXAMPLES,
        ],
    )
    def patch(self, request: Request, category_id: int) -> Response:
        """Change the fields that are sent; the subtree moves along."""
        data = CategoryPatch(data=request.data)
        data.is_valid(raise_exception=True)
        before, sent = get_category(category_id=category_id), data.validated_data
        with telling_the_current(lambda: OperatorCategoryOutput(get_category(category_id=category_id)).data):
            changed = change_category(
                category_id=category_id,
                name=sent.get("name", before.name),
                parent_id=sent.get("parent_id", before.parent_id),
                position=sent.get("position", before.position),
                actor_id=signed_in_user(request).pk,
                reason=sent["reason"],
                now=timezone.now(),
                # Fields that are left out were read just now: where they have changed since, they are not written back.
                seen=sent_tags(request) or {category_version(before)},
            )
        return _answer(changed)


class OperatorCategoryRemoveApi(OperatorApi):
    """Removing a category."""

    @takes_key()
    @extend_schema(
        operation_id="operator_category_remove",
        summary="Merge a category into another, or delete it",
        tags=TAGS,
        request=RemovalInput,
        parameters=[IF_MATCH],
        responses={204: None, 400: INVALID, 404: NONE, 409: BELOW, 412: STALE},
        examples=[sent("Into another", {"into_id": 12, "reason": "The vendor asked for it by phone."})],
    )
    def post(self, request: Request, category_id: int) -> Response:
        """Move the products into another category or leave them without one; the children move along, or up."""
        data = RemovalInput(data=request.data)
        data.is_valid(raise_exception=True)
        with telling_the_current(lambda: OperatorCategoryOutput(get_category(category_id=category_id)).data):
            remove_category(
                category_id=category_id,
                into_id=data.validated_data.get("into_id"),
                actor_id=signed_in_user(request).pk,
                reason=data.validated_data["reason"],
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return Response(status=HTTPStatus.NO_CONTENT)


def _answer(category: Category, *, status: int = HTTPStatus.OK) -> Response:
    headers = {"ETag": entity_tag(category_version(category))}
    return Response(OperatorCategoryOutput(category).data, status=status, headers=headers)
