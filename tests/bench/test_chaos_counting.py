"""`bench chaos` finds faults: each zero that it prints can be another number."""

from __future__ import annotations

import pytest
from django.db import connection
from psycopg import sql

from kit.db.sql import qualified


@pytest.mark.usefixtures("live_database")
def test_units_that_were_never_there_and_reservations_that_are_left_are_counted() -> None:
    from tests.bench.chaos import counting

    goods, stock, hot = counting.open_shops(shops=2, products=4, hot_units=3)
    assert counting._oversold(goods, stock) == 0
    assert counting._oversold(goods, stock | {hot: 2}) == 1
    table = qualified(goods.shops[0].schema_name, "catalogue_stocklevel")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("UPDATE {} SET reserved = 2 WHERE variant_id = %s").format(table), [hot])
    assert counting._oversold(goods, stock) == 2
