"""Tests the orders."""

from shop.orders import Order


def test_total() -> None:
    """An order knows its total."""
    assert Order(number=1, total=5).total == 5
