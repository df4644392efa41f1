"""What views depend on."""

from flask import current_app

from ..health import Check
from ..repositories.item import ItemRepository
from ..services.item import ItemService


def get_item_service() -> ItemService:
    """Return the service of items."""
    repository: ItemRepository = current_app.extensions["items"]
    return ItemService(repository)


def get_checks() -> dict[str, Check]:
    """Return what has to work before requests can be served: nothing yet."""
    return {}
