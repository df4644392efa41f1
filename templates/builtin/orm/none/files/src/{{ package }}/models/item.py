"""The item model."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from ..clock import utc_now


@dataclass(kw_only=True)
class Item:
    """Something in stock."""

    id: UUID = field(default_factory=uuid4, init=False)
    name: str
    description: str | None = None
    quantity: int = 0
    created_at: datetime = field(default_factory=utc_now, init=False)
    updated_at: datetime = field(default_factory=utc_now, init=False)
