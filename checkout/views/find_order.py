"""Page at which buyers without an account ask for the link to their order."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views import View

from checkout.announcing.order_links import request_order_link
from kit.api.throttling import throttled
from kit.text.forms import EmailField, LineField

REFUSED = 422
SENT = "sent"


class FindOrderForm(forms.Form):
    """Number of an order, and the e-mail address that it was placed with."""

    number = LineField(
        label=gettext_lazy("Number of the order"),
        max_length=40,
        help_text=gettext_lazy("It begins with KS, and is in every letter about the order."),
    )
    email = EmailField(label=gettext_lazy("E-mail address"), help_text=gettext_lazy("The one that you ordered with."))


class FindOrderView(View):
    """The form, and the page that says the same after any number and address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        template = "checkout/order_link_sent.html" if SENT in request.GET else "checkout/find_order.html"
        return render(request, template, {"form": FindOrderForm()})

    @throttled("order-link")
    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindOrderForm(request.POST)
        if not form.is_valid():
            return render(request, "checkout/find_order.html", {"form": form}, status=REFUSED)
        request_order_link(**form.cleaned_data, now=timezone.now())
        return redirect(f"{reverse('checkout:order-find')}?{SENT}")
