"""Going to pay, and coming back from it."""

import logging
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from checkout.access import order_for, remember_order
from checkout.errors import UnknownPaymentError
from checkout.models import Payment, PaymentStatus
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from gateway.errors import ProviderError
from kit.api.throttling import throttled
from kit.errors import DomainError, NotFoundError
from kit.web.front_ends import return_address
from kit.web.not_found import or_404

logger = logging.getLogger(__name__)

# The address that a provider sends a buyer back to names the payment. For this long it also shows a guest's
# order to a browser that does not know it, such as the one that a bank's app has opened.
SHOWS_GUEST_ORDER_FOR = timedelta(hours=2)
REFRESH_SECONDS = 4


class OrderPayView(View):
    """On to the provider's page, for an order that waits for its payment."""

    @throttled("checkout")
    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order = or_404(order_for, request, number)
        try:
            payment = start_payment(order_id=order.pk, now=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(order)
        return HttpResponseRedirect(payment.payment_url)


class PaymentReturnView(View):
    """Return page after a payment: ask the provider for the result, then show the order.

    The order of a front end is shown by the front end. Only the payment's reference is taken from the address; other
    parameters are ignored. Pages opened by the previous
    version return with the reference in the query.
    """

    @throttled("payment-return")
    def get(self, request: HttpRequest, reference: str = "") -> HttpResponse:
        now = timezone.now()
        reference = reference or request.GET.get("reference") or request.GET.get("trxref", "")
        try:
            payment = confirm_payment(reference=reference, now=now)
        except UnknownPaymentError:
            return render(request, "checkout/payment_return.html", {"state": "unknown"}, status=404)
        except ProviderError as error:
            logger.warning("A buyer waits to hear of payment %s: %s", reference, error)
            return self._wait(request)
        if onward := return_address(payment.order.return_url, number=payment.order.number):
            return HttpResponseRedirect(onward)
        if payment.status == PaymentStatus.FAILED:
            messages.error(request, gettext("The payment didn't go through. Nothing was charged."))
        elif payment.status not in {PaymentStatus.CAPTURED, PaymentStatus.MISMATCHED}:
            messages.info(
                request, gettext("We haven't received a payment yet. If you have just paid, give it a minute.")
            )
        return _show_order(request, payment, now)

    def _wait(self, request: HttpRequest) -> HttpResponse:
        """Show that the answer is awaited, on a page that reloads by itself, without JavaScript."""
        context = {"state": "checking", "refresh_seconds": REFRESH_SECONDS}
        return render(request, "checkout/payment_return.html", context)


def _show_order(request: HttpRequest, payment: Payment, now: datetime) -> HttpResponse:
    order = payment.order
    if order.buyer_id is None and now - payment.created_at < SHOWS_GUEST_ORDER_FOR:
        remember_order(request, order)
    try:
        return redirect(order_for(request, order.number))
    except NotFoundError:
        is_paid = payment.status == PaymentStatus.CAPTURED
        return render(request, "checkout/payment_return.html", {"state": "paid" if is_paid else "elsewhere"})
