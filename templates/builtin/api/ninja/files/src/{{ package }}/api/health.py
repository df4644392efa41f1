"""Liveness and readiness, for whatever watches over the process."""

from http import HTTPStatus

from django.http import HttpRequest
from ninja import Router, Status

from ..health import check_readiness
from ..schemas.health import Liveness, Readiness
from .openapi import problems

router = Router(tags=["health"])


@router.get("/live", response={HTTPStatus.OK: Liveness, **problems()})
def live(request: HttpRequest) -> Liveness:
    """Tell whether the process runs."""
    return Liveness()


@router.get(
    "/ready",
    response={
        HTTPStatus.OK: Readiness,
        HTTPStatus.SERVICE_UNAVAILABLE: Readiness,
        **problems(),
    },
)
def ready(request: HttpRequest) -> Status[Readiness]:
    """Tell whether requests can be served."""
    readiness = check_readiness()
    if readiness.status == "unavailable":
        return Status(HTTPStatus.SERVICE_UNAVAILABLE, readiness)
    return Status(HTTPStatus.OK, readiness)
