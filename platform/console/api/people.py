"""People over the operators' API."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import PersonNotFoundError
from accounts.models import User
from accounts.selectors import get_person, list_people
from accounts.serializers import RoleOutput
from accounts.services.roles import roles_of
from console.access import OperatorApi
from console.api import examples
from kit.api.input import FeedQuery, query_of, search_field
from kit.api.lists import FeedOutput, feed_body, feed_place
from kit.api.refusals import answer, refusals
from kit.db.keyset import read_slice

TAGS = ["Operators: people"]


class PeopleQuery(FeedQuery):
    """Filter of people."""

    search = search_field("Words of the name, or a part of the e-mail address.")
    is_operator = serializers.BooleanField(required=False, help_text="Left out: both.")


class PersonOutput(serializers.Serializer[Any]):
    """A person with an account."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField(allow_blank=True)
    is_active = serializers.BooleanField(help_text="False where the account is closed.")
    is_operator = serializers.BooleanField()
    is_email_verified = serializers.BooleanField(source="has_verified_email")
    joined_at = serializers.DateTimeField(source="date_joined")


class PersonDetailOutput(PersonOutput):
    """A person with their roles in shops."""

    phone = serializers.CharField(allow_blank=True)
    roles = serializers.SerializerMethodField()

    @extend_schema_field(RoleOutput(many=True))
    def get_roles(self, user: User) -> Any:
        """Return the roles."""
        return RoleOutput(roles_of(user), many=True).data


class PersonFeedOutput(FeedOutput):
    """Some people."""

    results = PersonOutput(many=True)


class OperatorPersonListApi(OperatorApi):
    """People with an account."""

    query_class = PeopleQuery

    @extend_schema(
        operation_id="operator_people_list",
        summary="List people",
        tags=TAGS,
        responses={200: PersonFeedOutput},
        examples=[answer("Some of them", examples.feed(examples.PERSON))],
    )
    def get(self, request: Request) -> Response:
        """Return the people who match, the newest first."""
        asked = query_of(request)
        people = list_people(search=asked.get("search", ""), is_operator=asked.get("is_operator"))
        found = read_slice(people, **feed_place(request))
        return Response(feed_body(request, found, results=PersonOutput(found.rows, many=True).data))


class OperatorPersonApi(OperatorApi):
    """One person."""

    @extend_schema(
        operation_id="operator_person_read",
        summary="Read a person with their roles",
        tags=TAGS,
        responses={200: PersonDetailOutput, **refusals(PersonNotFoundError)},
        examples=[answer("The person", examples.PERSON_DETAIL)],
    )
    def get(self, _request: Request, person_id: int) -> Response:
        """Return a person with their roles in shops; their orders are `operator/orders/?search=<email>`."""
        return Response(PersonDetailOutput(get_person(person_id=person_id)).data)
