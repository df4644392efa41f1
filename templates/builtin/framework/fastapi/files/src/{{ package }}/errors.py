"""Errors that clients may see, and their form: RFC 9457 problem details."""

from http import HTTPMethod, HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from .schemas.problem import InvalidPart, Problem


class AppError(Exception):
    """Base class of the errors that the application raises on purpose."""

    status: HTTPStatus

    def __init__(self, detail: str) -> None:
        """Store the message for the client."""
        super().__init__(detail)
        self.detail = detail


class NotFoundError(AppError):
    """What was asked for does not exist."""

    status = HTTPStatus.NOT_FOUND


class ConflictError(AppError):
    """The request contradicts what is stored."""

    status = HTTPStatus.CONFLICT


class UnsupportedMediaTypeError(AppError):
    """The body has a form that is not understood."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class ProblemResponse(JSONResponse):
    """An answer that describes an error."""

    media_type = "application/problem+json"


def problem_response(
    status: int,
    detail: str,
    *,
    errors: list[InvalidPart] | None = None,
    headers: dict[str, str] | None = None,
) -> ProblemResponse:
    """Describe an error."""
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=errors or [],
    )
    return ProblemResponse(problem.model_dump(), status_code=status, headers=headers)


async def handle_app_error(_request: Request, exc: AppError) -> ProblemResponse:
    """Describe an error of the application."""
    return problem_response(exc.status, exc.detail)


async def handle_http_error(request: Request, exc: HTTPException) -> ProblemResponse:
    """Describe an error of the framework, such as an unknown path."""
    headers = dict(exc.headers or {})
    if exc.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = ", ".join(allowed_methods(request))
    return problem_response(exc.status_code, exc.detail, headers=headers)


async def handle_validation_error(
    _request: Request, exc: RequestValidationError
) -> ProblemResponse:
    """Say which parts are invalid, without repeating their values."""
    errors = exc.errors()
    if any(is_not_json(error["type"], error["loc"]) for error in errors):
        return problem_response(HTTPStatus.BAD_REQUEST, "The body is not valid JSON.")
    return problem_response(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The request is not valid.",
        errors=[
            InvalidPart(location=dotted(error["loc"]), message=error["msg"])
            for error in errors
        ],
    )


def is_not_json(error_type: str, location: tuple[int | str, ...]) -> bool:
    """Tell whether the body could not be read; an empty one is no JSON either."""
    return error_type == "json_invalid" or (
        error_type == "missing" and location == ("body",)
    )


def dotted(location: tuple[int | str, ...]) -> str:
    """Write a location as ``body.name``."""
    return ".".join(map(str, location))


def allowed_methods(request: Request) -> list[str]:
    """List the methods of all routes that have the request's path."""
    app: FastAPI = request.app
    return [
        method
        for method in HTTPMethod
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in app.routes
        )
    ]


def register_error_handlers(app: FastAPI) -> None:
    """Describe every error in the same form."""
    app.exception_handler(AppError)(handle_app_error)
    app.exception_handler(HTTPException)(handle_http_error)
    app.exception_handler(RequestValidationError)(handle_validation_error)
