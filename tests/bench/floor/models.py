"""A shop in three tables."""

from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=100)
    description = models.TextField(default="")
    price_minor = models.BigIntegerField()
    stock = models.IntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    total_minor = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return f"Order {self.pk}"


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    quantity = models.IntegerField()
    price_minor = models.BigIntegerField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product.pk}"
