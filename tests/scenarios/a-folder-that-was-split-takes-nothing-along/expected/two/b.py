"""Orders and what is in them."""

from dataclasses import dataclass


@dataclass
class Order:
    """Something that was ordered."""

    number: int
    total: int
