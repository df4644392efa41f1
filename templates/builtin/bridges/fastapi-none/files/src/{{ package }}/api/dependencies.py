"""What routes depend on."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from ..repositories.item import ItemRepository
from ..services.item import ItemService

type Check = Callable[[], Awaitable[None]]


def get_item_service(request: Request) -> ItemService:
    """Return the service of items."""
    repository: ItemRepository = request.app.state.items
    return ItemService(repository)


ItemServiceDep = Annotated[ItemService, Depends(get_item_service)]


def get_checks() -> dict[str, Check]:
    """Return what has to work before requests can be served: nothing yet."""
    return {}


ChecksDep = Annotated[dict[str, Check], Depends(get_checks)]
