"""Item schemas."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)


def whole(value: object) -> object:
    """Read 3.0 as 3: in JSON they are the same number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


# Not every database can store NUL in text.
type Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=120,
        pattern=r"^[^\x00]*[^\s\x00][^\x00]*$",
    ),
]
type Description = Annotated[
    str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")
]
type Quantity = Annotated[int, Field(ge=0, le=2**31 - 1), BeforeValidator(whole)]


class ItemWrite(BaseModel):
    """What a client may set."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    description: Description | None = None
    quantity: Quantity = 0


class ItemRead(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    description: str | None
    quantity: int
    created_at: datetime
    updated_at: datetime
