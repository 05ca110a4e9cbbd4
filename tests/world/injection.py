"""A view on a shop's host that runs whatever SQL it is sent: what a careless line of code would be."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config import urls_shop

handler400, handler403, handler404, handler500 = (
    urls_shop.handler400,
    urls_shop.handler403,
    urls_shop.handler404,
    urls_shop.handler500,
)


@csrf_exempt
def careless(request: HttpRequest) -> JsonResponse:
    """Put what was sent into a statement, as `%s` in quotes would; or run it whole."""
    text = request.POST["q"]
    with transaction.atomic(), connection.cursor() as cursor:
        if "whole" in request.POST:
            cursor.execute(text)
        else:
            cursor.execute(f"SELECT title FROM catalogue_product WHERE title = '{text}'")
        rows = cursor.fetchall() if cursor.description else []
    return JsonResponse({"rows": [[str(value) for value in row] for row in rows]})


urlpatterns = [path("careless/", careless), *urls_shop.urlpatterns]


def attack(client: Client, text: str, *, whole: bool = False) -> Any:
    """Send SQL to the careless view; return the rows, or None where it was refused."""
    client.raise_request_exception = False
    answer = client.post("/careless/", {"q": text, **({"whole": "yes"} if whole else {})})
    if answer.status_code != 200:
        assert answer.status_code == 500, answer.content
        return None
    return answer.json()["rows"]


# What holds a lock of ours, waits, or leaves something behind.
HELD = (
    "SELECT pg_advisory_lock(5121017)::text",
    "SELECT pg_try_advisory_lock(5121, 1)::text",
    "SELECT pg_catalog.pg_advisory_lock_shared(7215301)::text",
    'SELECT "pg_try_advisory_xact_lock"(7215301)::text',
    "WITH x AS (SELECT pg_advisory_lock(1)) SELECT 'held' FROM x",
    "SELECT pg_logical_emit_message(false, 'x', 'left here')::text",
    "SELECT pg_sleep(0)::text",
    "SELECT pg_notify('everything', 'x')::text",
)


def advisory_locks() -> int:
    """Return how many advisory locks this session holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return int(cursor.fetchone()[0])
