"""Sentences on the order of rules: for whom and what a rule is, and the reason why it comes before another."""

from django.utils.translation import gettext

from kit.text.numbers import percentage
from payouts.commission.rules import Goods, Rule, Seller


def name_of(rule: Rule) -> str:
    """Return the name of a rule; the two rates have names of their own."""
    if rule.seller is Seller.SHOP_RATE:
        return gettext("the shop’s own rate")
    if rule.seller is Seller.MARKET_RATE:
        return gettext("the market’s rate")
    if rule.seller is Seller.EARLIER:
        return gettext("the rate of the order before")
    return gettext("the rule “%(name)s”") % {"name": rule.name}


def holds_because(rule: Rule) -> str:
    """Return the sentence that says which rule holds, and for whom and what it is."""
    if rule.seller is Seller.SHOP_RATE:
        return gettext("The shop’s own rate applies: no rule for this shop covers this product.")
    if rule.seller is Seller.MARKET_RATE:
        return gettext("The market’s rate applies: no rule covers this product.")
    if rule.seller is Seller.EARLIER:
        return gettext("The rate of the order that it was exchanged for applies: %(rate)s %%.") % {
            "rate": percentage(rule.terms.percent_bps)
        }
    texts = {
        (Seller.SHOP, Goods.PRODUCT): gettext("The rule “%(name)s” applies: it is for this product of the shop."),
        (Seller.SHOP, Goods.CATEGORY): gettext(
            "The rule “%(name)s” applies: it is for this shop and the category of the product."
        ),
        (Seller.SHOP, Goods.ALL): gettext("The rule “%(name)s” applies: it is for all products of this shop."),
        (Seller.PLAN, Goods.CATEGORY): gettext(
            "The rule “%(name)s” applies: it is for the shop’s plan and the category of the product."
        ),
        (Seller.PLAN, Goods.ALL): gettext("The rule “%(name)s” applies: it is for all shops on this shop’s plan."),
        (Seller.ALL, Goods.CATEGORY): gettext("The rule “%(name)s” applies: it is for the category of the product."),
        (Seller.ALL, Goods.ALL): gettext("The rule “%(name)s” applies: it is for all shops and all products."),
    }
    return texts[rule.seller, rule.goods] % {"name": rule.name}


def comes_before(rule: Rule, other: Rule) -> str:
    """Return the sentence that says why a rule comes before another that is for the line too."""
    if rule.seller is not other.seller:
        text = gettext("It comes before %(other)s: what is agreed for fewer shops comes first.")
    elif rule.goods is not other.goods:
        text = gettext("It comes before %(other)s: what is for fewer products comes first.")
    elif rule.currency != other.currency:
        text = gettext("It comes before %(other)s: a rule for one currency comes first.")
    else:
        text = gettext("It comes before %(other)s: the nearer category comes first.")
    return text % {"other": name_of(other)}
