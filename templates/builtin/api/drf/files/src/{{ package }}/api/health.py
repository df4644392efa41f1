"""Liveness and readiness, for whatever watches over the process."""

from http import HTTPStatus

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..health import check_readiness
from ..schemas.health import Liveness, Readiness
from .dependencies import get_checks
from .openapi import operation


class LiveView(APIView):
    """Liveness."""

    @operation("health", {HTTPStatus.OK: Liveness})
    def get(self, _request: Request) -> Response:
        """Tell whether the process runs."""
        return Response(Liveness().model_dump())


class ReadyView(APIView):
    """Readiness."""

    @operation(
        "health",
        {HTTPStatus.OK: Readiness, HTTPStatus.SERVICE_UNAVAILABLE: Readiness},
    )
    def get(self, _request: Request) -> Response:
        """Tell whether requests can be served."""
        readiness = check_readiness(get_checks())
        failed = readiness.status == "unavailable"
        status = HTTPStatus.SERVICE_UNAVAILABLE if failed else HTTPStatus.OK
        return Response(readiness.model_dump(), status)
