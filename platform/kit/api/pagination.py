"""Page and cursor pagination with one limit."""

from rest_framework.pagination import PageNumberPagination

MAX_PAGE_SIZE = 100


class PagePagination(PageNumberPagination):
    """`?page=` and `?page_size=`, for lists that people leaf through."""

    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
