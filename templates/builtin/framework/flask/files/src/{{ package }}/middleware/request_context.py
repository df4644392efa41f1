"""The request id and the access log."""

import re
from time import perf_counter
from uuid import uuid4

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from ..log import get_logger

REQUEST_ID_HEADER = "x-request-id"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_logger = get_logger(__name__)


def begin_request() -> None:
    """Give the request an id, which its log lines carry."""
    received = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = received if _REQUEST_ID.fullmatch(received) else str(uuid4())
    g.started = perf_counter()
    bind_contextvars(request_id=g.request_id)


def end_request(response: Response) -> Response:
    """Send the id back, and write one line in the log."""
    response.headers[REQUEST_ID_HEADER] = g.request_id
    _logger.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        duration_ms=round((perf_counter() - g.started) * 1000, 2),
    )
    return response


def forget_request(_error: BaseException | None) -> None:
    """Leave the thread to the next request."""
    clear_contextvars()


def init_request_context(app: Flask) -> None:
    """Give each request an id and one line in the log."""
    app.before_request(begin_request)
    app.after_request(end_request)
    app.teardown_request(forget_request)
