"""The demo's goods: variants of every combination of options, and a picture of each colour that has one."""

from __future__ import annotations

import pytest

from demo.art import PALETTE_NAMES
from demo.drawing import views
from demo.goods import SHOPS
from demo.model import DemoShop, Good
from demo.shops import variants_of

GOODS = [(shop, good) for shop in SHOPS for good in shop.goods]
WITH_TWO_OPTIONS = [(shop, good) for shop, good in GOODS if len(good.options) == 2]


def test_three_goods_or_more_have_two_options() -> None:
    assert len(WITH_TWO_OPTIONS) >= 3


@pytest.mark.parametrize(("shop", "good"), WITH_TWO_OPTIONS, ids=[good.title for _, good in WITH_TWO_OPTIONS])
def test_there_is_a_variant_for_each_combination(shop: DemoShop, good: Good) -> None:
    [first, second] = good.options.values()
    variants = variants_of(shop, good)
    assert [tuple(variant.options.values()) for variant in variants] == [(one, two) for one in first for two in second]
    assert [variant.on_hand for variant in variants if variant.on_hand == 0] == [0]  # one to show that it is sold out
    steps = {variant.price_minor - good.price * 100 for variant in variants}
    assert steps == {place * good.step * 100 for place in range(len(second))}


def test_skus_are_unique_in_their_shops() -> None:
    for shop in SHOPS:
        skus = [variant.sku for good in shop.goods for variant in variants_of(shop, good)]
        assert len(skus) == len(set(skus))


@pytest.mark.parametrize(("shop", "good"), GOODS, ids=[f"{shop.slug} {good.title}" for shop, good in GOODS])
def test_pictures_show_the_colours_that_their_texts_name(shop: DemoShop, good: Good) -> None:
    shown = views(good)
    assert len({view.end for view in shown}) == len(shown)
    assert not good.colours or good.palette in good.colours.values()  # otherwise the first picture shows none of them
    for value, palette in good.colours.items():
        assert palette in PALETTE_NAMES
        assert value in next(iter(good.options.values()))
        named = [view for view in shown if f", {value.lower()}" in view.text]
        assert {view.palette for view in named} == {palette}
