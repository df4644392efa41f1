"""Storage of items."""

from collections.abc import Sequence
from copy import copy
from itertools import islice
from threading import Lock
from uuid import UUID

from ..errors import ConflictError
from ..models import Item


class ItemRepository:
    """Keep items in memory, oldest first, for all threads."""

    def __init__(self) -> None:
        """Start empty."""
        self._items: dict[UUID, Item] = {}
        self._lock = Lock()

    def page(self, *, limit: int, offset: int) -> tuple[Sequence[Item], int]:
        """Return a page of items, oldest first, and the number of all items."""
        with self._lock:
            items = islice(self._items.values(), offset, offset + limit)
            return [copy(item) for item in items], len(self._items)

    def get(self, item_id: UUID) -> Item | None:
        """Return an item, if it exists; changes count once they are saved."""
        return copy(self._items.get(item_id))

    def save(self, item: Item) -> None:
        """Add or replace an item."""
        with self._lock:
            if any(
                other.name == item.name and other.id != item.id
                for other in self._items.values()
            ):
                message = "An item with this name already exists."
                raise ConflictError(message)
            self._items[item.id] = copy(item)

    def delete(self, item_id: UUID) -> bool:
        """Delete an item, and tell whether it existed."""
        with self._lock:
            return self._items.pop(item_id, None) is not None
