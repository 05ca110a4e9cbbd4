"""The market's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from catalogue.discovery.selectors.home import read_home
from kit.web.hosts import platform_url


class HomeView(View):
    """Categories, what sells, what is new, and the shops."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "discovery/home.html", {"home": read_home(), "canonical": platform_url("/")})
