"""What form of body the routes read."""

from fastapi import Request

from ..errors import UnsupportedMediaTypeError


async def require_json(request: Request) -> None:
    """Refuse a body that is not declared as JSON."""
    media_type = request.headers.get("content-type", "").split(";")[0]
    if media_type.strip().lower() != "application/json":
        message = "The body must be application/json."
        raise UnsupportedMediaTypeError(message)
