"""What has to work before requests can be served."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.db import connection

from .log import get_logger
from .schemas.health import Readiness, State

type Check = Callable[[], None]

# Probes commonly give up after two seconds.
CHECK_TIMEOUT = 1.5

# A check that hangs keeps a thread of its own, not one that serves requests.
_executor = ThreadPoolExecutor(max_workers=4)
_logger = get_logger(__name__)


def ping_database() -> None:
    """Fail unless the database answers on a new connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


CHECKS: dict[str, Check] = {"database": ping_database}


def check_readiness() -> Readiness:
    """Run all checks at once, for a limited time."""
    futures = {name: _executor.submit(check) for name, check in CHECKS.items()}
    wait(futures.values(), timeout=CHECK_TIMEOUT)
    states: dict[str, State] = {
        name: state(name, future) for name, future in futures.items()
    }
    failed = "unavailable" in states.values()
    return Readiness(status="unavailable" if failed else "ok", checks=states)


def state(name: str, future: Future[None]) -> State:
    """Tell how a check went; one that has not ended yet has failed."""
    try:
        future.result(timeout=0)
    except Exception:
        future.cancel()
        _logger.exception("check_failed", check=name)
        return "unavailable"
    return "ok"
