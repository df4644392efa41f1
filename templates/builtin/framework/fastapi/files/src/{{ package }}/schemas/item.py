"""Item schemas."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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


class ItemWrite(BaseModel):
    """What a client may set."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    description: Description | None = None
    quantity: int = Field(default=0, ge=0, le=2**31 - 1)


class ItemRead(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    description: str | None
    quantity: int
    created_at: datetime
    updated_at: datetime
