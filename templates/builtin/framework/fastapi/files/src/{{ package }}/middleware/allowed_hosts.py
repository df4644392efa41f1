"""Protection against forged host names."""

import re
from fnmatch import fnmatchcase
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ..errors import problem_response

_PORT = re.compile(r":\d*$")


class AllowedHostsMiddleware:
    """Refuse requests for hosts that are not ours."""

    def __init__(self, app: ASGIApp, allowed_hosts: tuple[str, ...]) -> None:
        """Wrap an application; a host may be a pattern such as ``*.example.com``."""
        self.app = app
        self.allowed_hosts = [host.lower() for host in allowed_hosts]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] == "http" and not self.is_allowed(scope):
            response = problem_response(
                HTTPStatus.BAD_REQUEST, "The host is not allowed."
            )
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def is_allowed(self, scope: Scope) -> bool:
        """Tell whether the request is for one of the allowed hosts."""
        # Probes call by address.
        if scope["path"].startswith("/health/"):
            return True
        host = _PORT.sub("", Headers(scope=scope).get("host", "")).lower()
        return any(fnmatchcase(host, allowed) for allowed in self.allowed_hosts)
