"""The item model."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field

from ..clock import utc_now
from .base import Base, UtcDateTime


class Item(Base, table=True):
    """Something in stock."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    description: str | None = Field(default=None, max_length=2000)
    quantity: int = 0
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
