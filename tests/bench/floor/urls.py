"""Four views: nothing, one query, a list of twenty rows, and an order of three statements."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.bench.floor.models import Order, OrderLine, Product


class ProductOutput(serializers.ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = ("id", "name", "description", "price_minor", "stock", "created_at")


class OrderInput(serializers.Serializer[Any]):
    product = serializers.IntegerField()
    quantity = serializers.IntegerField(min_value=1)


class Hello(APIView):
    def get(self, request: Request) -> Response:
        return Response({"hello": "world"})


class OneQuery(APIView):
    def get(self, request: Request, product_id: int) -> Response:
        product = Product._default_manager.get(pk=product_id)
        return Response({"id": product.pk, "name": product.name, "stock": product.stock})


class TwentyRows(APIView):
    def get(self, request: Request) -> Response:
        return Response(ProductOutput(Product._default_manager.order_by("id")[:20], many=True).data)


class PlaceOrder(APIView):
    def post(self, request: Request) -> Response:
        asked = OrderInput(data=request.data)
        asked.is_valid(raise_exception=True)
        product_id, quantity = asked.validated_data["product"], asked.validated_data["quantity"]
        with transaction.atomic():
            order = Order._default_manager.create(total_minor=1_000 * quantity)
            OrderLine._default_manager.create(order=order, product_id=product_id, quantity=quantity, price_minor=1_000)
            taken = Product._default_manager.filter(pk=product_id, stock__gte=quantity).update(
                stock=F("stock") - quantity
            )
            if not taken:
                transaction.set_rollback(True)
        return Response({"id": order.pk}, status=201 if taken else 409)


urlpatterns = [
    path("hello/", Hello.as_view()),
    path("one/<int:product_id>/", OneQuery.as_view()),
    path("list/", TwentyRows.as_view()),
    path("order/", PlaceOrder.as_view()),
]
