"""Liveness and readiness, for whatever watches over the process."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from http import HTTPStatus

from flask import Blueprint, Response

from ..log import get_logger
from ..schemas.health import Liveness, Readiness, State
from .dependencies import get_checks
from .messages import reply
from .openapi import documented

blueprint = Blueprint("health", __name__)

# Probes commonly give up after two seconds.
CHECK_TIMEOUT = 1.5

_executor = ThreadPoolExecutor(thread_name_prefix="check")
_logger = get_logger(__name__)


@blueprint.get("/live")
@documented({HTTPStatus.OK: Liveness})
def live() -> Response:
    """Tell whether the process runs."""
    return reply(Liveness())


@blueprint.get("/ready")
@documented({HTTPStatus.OK: Readiness, HTTPStatus.SERVICE_UNAVAILABLE: Readiness})
def ready() -> Response:
    """Tell whether requests can be served."""
    checks = {name: _executor.submit(run) for name, run in get_checks().items()}
    wait(checks.values(), timeout=CHECK_TIMEOUT)
    states: dict[str, State] = {
        name: outcome(name, check) for name, check in checks.items()
    }
    if "unavailable" in states.values():
        return reply(
            Readiness(status="unavailable", checks=states),
            HTTPStatus.SERVICE_UNAVAILABLE,
        )
    return reply(Readiness(status="ok", checks=states))


def outcome(name: str, check: Future[None]) -> State:
    """Tell how a check ended, if it has."""
    try:
        check.result(timeout=0)
    except Exception:
        check.cancel()
        _logger.exception("check_failed", check=name)
        return "unavailable"
    return "ok"
