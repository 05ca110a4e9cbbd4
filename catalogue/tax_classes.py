"""Tax classes of products: what a country's rates are given for."""

from django.db import models
from django.utils.translation import gettext_lazy


class TaxClass(models.TextChoices):
    """Class that a product has for tax; a country's table says the rate of each."""

    STANDARD = "standard", gettext_lazy("Standard rate")
    REDUCED = "reduced", gettext_lazy("Reduced rate")
    ZERO = "zero", gettext_lazy("Zero-rated")
    EXEMPT = "exempt", gettext_lazy("Exempt")
