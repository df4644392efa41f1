"""Storage of items."""

from collections.abc import Sequence
from copy import copy
from itertools import islice
from uuid import UUID

from ..errors import ConflictError
from ..models import Item


class ItemRepository:
    """Keep items in memory, oldest first."""

    def __init__(self) -> None:
        """Start empty."""
        self._items: dict[UUID, Item] = {}

    async def page(self, *, limit: int, offset: int) -> tuple[Sequence[Item], int]:
        """Return a page of items, oldest first, and the number of all items."""
        items = islice(self._items.values(), offset, offset + limit)
        return [copy(item) for item in items], len(self._items)

    async def get(self, item_id: UUID) -> Item | None:
        """Return an item, if it exists; changes count once they are saved."""
        return copy(self._items.get(item_id))

    async def save(self, item: Item) -> None:
        """Add or replace an item."""
        if any(
            other.name == item.name and other.id != item.id
            for other in self._items.values()
        ):
            message = "An item with this name already exists."
            raise ConflictError(message)
        self._items[item.id] = copy(item)

    async def delete(self, item_id: UUID) -> bool:
        """Delete an item, and tell whether it existed."""
        return self._items.pop(item_id, None) is not None
