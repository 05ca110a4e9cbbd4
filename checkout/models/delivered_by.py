"""The side that said that a part has arrived."""

from django.db import models
from django.utils.translation import gettext_lazy


class DeliveredBy(models.TextChoices):
    """Side by whose word a part has arrived; the timer takes it to have arrived once its time is over."""

    SHOP = "shop", gettext_lazy("the shop")
    BUYER = "buyer", gettext_lazy("the buyer")
    OPERATOR = "operator", gettext_lazy("the market")
    TIMER = "timer", gettext_lazy("the end of its time")
