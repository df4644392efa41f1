"""What views depend on."""

from collections.abc import Callable

from flask import current_app

from ..repositories.item import ItemRepository
from ..services.item import ItemService

type Check = Callable[[], None]


def get_item_service() -> ItemService:
    """Return the service of items."""
    repository: ItemRepository = current_app.extensions["items"]
    return ItemService(repository)


def get_checks() -> dict[str, Check]:
    """Return what has to work before requests can be served: nothing yet."""
    return {}
