"""The market's first page."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from catalogue.discovery.price_notes import at_lower_prices
from catalogue.discovery.selectors.home import read_home
from kit.web.hosts import platform_url


class HomeView(View):
    """Categories, what sells, what is new, and the shops."""

    def get(self, request: HttpRequest) -> HttpResponse:
        home, now = read_home(), timezone.now()
        shown = replace(home, popular=at_lower_prices(home.popular, now), newest=at_lower_prices(home.newest, now))
        return render(request, "discovery/home.html", {"home": shown, "canonical": platform_url("/")})
