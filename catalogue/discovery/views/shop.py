"""The page of one shop."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from catalogue.discovery.errors import ShopClosedError, ShopNotFoundError
from catalogue.discovery.selectors.shops import get_shop_page
from catalogue.discovery.views.links import Links
from catalogue.discovery.views.results import read_results, results_context
from kit.errors import InvalidInputError
from kit.web.hosts import platform_url
from tenants.errors import ShopGoneError


class ShopView(View):
    """A shop's profile and policies, and its listings with a search within."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        try:
            page = get_shop_page(slug=slug)
            results = read_results(request, shop=slug, shows_paused=not page.is_selling)
        except (ShopClosedError, ShopGoneError) as error:
            return render(request, "discovery/shop_closed.html", {"refusal": error}, status=error.status)
        except ShopNotFoundError as error:
            raise Http404 from error
        except InvalidInputError:
            return redirect(Links(request).with_value())
        context = results_context(results, in_shop=True) | {
            "page": page,
            "canonical": platform_url(reverse("discovery:shop", args=[page.card.slug])),
        }
        return render(request, "discovery/shop.html", context)
