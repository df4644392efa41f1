"""Liveness and readiness, for whatever watches over the process."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Response

from ..log import get_logger
from ..schemas.health import Liveness, Readiness, State
from .dependencies import Check, ChecksDep

router = APIRouter(prefix="/health", tags=["health"])

# Probes commonly give up after two seconds.
CHECK_TIMEOUT = 1.5

_logger = get_logger(__name__)


@router.get("/live")
async def live() -> Liveness:
    """Tell whether the process runs."""
    return Liveness()


@router.get(
    "/ready",
    responses={
        HTTPStatus.SERVICE_UNAVAILABLE.value: {
            "model": Readiness,
            "description": HTTPStatus.SERVICE_UNAVAILABLE.phrase,
        }
    },
)
async def ready(checks: ChecksDep, response: Response) -> Readiness:
    """Tell whether requests can be served."""
    states = await asyncio.gather(*(run(name, check) for name, check in checks.items()))
    if "unavailable" in states:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Readiness(
        status="unavailable" if "unavailable" in states else "ok",
        checks=dict(zip(checks, states, strict=True)),
    )


async def run(name: str, check: Check) -> State:
    """Run a check, for a limited time."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            await check()
    except Exception:
        _logger.exception("check_failed", check=name)
        return "unavailable"
    return "ok"
