"""Errors of the API, in the form of all others."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.http import HttpResponse
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    ParseError,
    UnsupportedMediaType,
    ValidationError,
)

from ..errors import AppError, problem_response
from ..schemas.problem import InvalidPart

type Detail = str | Sequence[Detail] | Mapping[str, Detail]

# What DRF says of these would repeat what was sent.
DETAILS: dict[type[APIException], str] = {
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED.phrase,
    ParseError: "The body is not valid JSON.",
    UnsupportedMediaType: "The body must be application/json.",
}


class InvalidRequestError(AppError):
    """Parts of the request are not valid."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, detail: Detail, *, source: str) -> None:
        """Say which parts, without repeating their values."""
        super().__init__("The request is not valid.")
        self.parts = invalid_parts(source, detail)


def invalid_parts(location: str, detail: Detail) -> list[InvalidPart]:
    """List what is wrong, with locations such as ``body.name``."""
    if isinstance(detail, str):
        return [InvalidPart(location=location, message=detail)]
    if isinstance(detail, Mapping):
        inner = [
            (location if name == "non_field_errors" else f"{location}.{name}", part)
            for name, part in detail.items()
        ]
    else:
        inner = [(location, part) for part in detail]
    return [part for where, what in inner for part in invalid_parts(where, what)]


def exception_handler(
    exc: Exception, _context: Mapping[str, object]
) -> HttpResponse | None:
    """Describe an error of the API; what nobody expected is left to Django."""
    if isinstance(exc, ValidationError):
        exc = InvalidRequestError(exc.detail, source="body")
    match exc:
        case InvalidRequestError():
            return problem_response(exc.status, exc.detail, errors=exc.parts)
        case AppError():
            return problem_response(exc.status, exc.detail)
        case APIException():
            detail = DETAILS.get(type(exc), str(exc.detail))
            return problem_response(exc.status_code, detail)
        case _:
            return None
