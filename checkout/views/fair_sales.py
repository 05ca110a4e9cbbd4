"""The published rules of sales with a waiting room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from checkout.waiting_room.queue import PASS
from checkout.waiting_room.rooms import QUEUES_BEFORE


class FairSalesView(View):
    """The rules that buyers can rely on, with the figures that the code has."""

    def get(self, request: HttpRequest) -> HttpResponse:
        minutes = {"minutes_before": QUEUES_BEFORE.seconds // 60, "pass_minutes": PASS.seconds // 60}
        return render(request, "checkout/fair_sales.html", minutes)
