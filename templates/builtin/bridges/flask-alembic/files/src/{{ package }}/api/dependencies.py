"""What views depend on."""

from collections.abc import Callable

from ..database import get_database, get_session
from ..repositories.item import ItemRepository
from ..services.item import ItemService

type Check = Callable[[], None]


def get_item_service() -> ItemService:
    """Return the service of items."""
    return ItemService(ItemRepository(get_session()))


def get_checks() -> dict[str, Check]:
    """Return what has to work before requests can be served."""
    return {"database": get_database().ping}
