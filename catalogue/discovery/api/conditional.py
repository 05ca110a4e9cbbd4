"""Reads that anybody may make, with entity tags."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

TAG_LENGTH = 32


class PublicReadApi(APIView):
    """A read that is the same for everybody, so nobody is asked who they are."""

    authentication_classes: tuple[type[BaseAuthentication], ...] = ()
    permission_classes = (AllowAny,)


def conditional(request: Request, data: Any) -> HttpResponseBase:
    """Answer with an entity tag, or with 304 where the caller has this answer already (RFC 9110, section 13)."""
    content = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"))
    tag = f'W/"{hashlib.sha256(content.encode()).hexdigest()[:TAG_LENGTH]}"'
    known = [item.strip() for item in request.headers.get("If-None-Match", "").split(",")]
    if tag in known or "*" in known:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = Response(data)
    response["ETag"] = tag
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ["Accept"])
    return response
