"""Access to the console."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.access import is_operator, redirect_to_sign_in
from accounts.models import User
from kit.web.hosts import platform_url

Page = Callable[..., HttpResponse]


def operators_only(page: Page) -> Page:
    """Let operators in, redirect visitors to sign-in, and answer 404 to other users.

    Raises:
        Http404: the signed-in user is not an operator.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_sign_in(request)
        if not is_operator(request.user):
            raise Http404
        return page(request, *args, **kwargs)

    return guarded


class OperatorPermission(BasePermission):
    """Only operators; without anybody signed in it is a 401."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller works for the platform."""
        return is_operator(request.user)


class OperatorApi(APIView):
    """An endpoint for operators, on the platform's host."""

    permission_classes = (OperatorPermission,)


def operator_workplace(user: User) -> str:
    """Return the console's overview for operators, an empty text for other people."""
    return (
        platform_url(reverse("console:overview", urlconf=settings.PUBLIC_SCHEMA_URLCONF)) if is_operator(user) else ""
    )
