"""Page and cursor pagination with one limit."""

from typing import Any

from rest_framework.pagination import PageNumberPagination

MAX_PAGE_SIZE = 100


class PagePagination(PageNumberPagination):
    """`?page=` and `?page_size=`, for lists that people leaf through."""

    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page; its neighbours are null at the ends."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "minimum": 0, "example": 1},
                "next": {**link, "example": None},
                "previous": {**link, "example": None},
                "results": schema,
            },
        }
