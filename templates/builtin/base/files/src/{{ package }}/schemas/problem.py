"""Error schemas."""

from pydantic import BaseModel


class InvalidPart(BaseModel):
    """A part of the request that is not valid."""

    location: str
    message: str


class Problem(BaseModel):
    """What went wrong, as RFC 9457 describes it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[InvalidPart]
