"""Storage of items."""

from collections.abc import Sequence
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError

from ..errors import ConflictError
from ..models import Item


class ItemRepository:
    """Keep items in the database."""

    def __init__(self, connection: BaseDBAsyncClient) -> None:
        """Use the caller's transaction."""
        self._connection = connection

    async def page(self, *, limit: int, offset: int) -> tuple[Sequence[Item], int]:
        """Return a page of items, oldest first, and the number of all items."""
        query = Item.all(using_db=self._connection)
        items = await query.order_by("created_at", "id").limit(limit).offset(offset)
        return items, await query.count()

    async def get(self, item_id: UUID) -> Item | None:
        """Return an item, if it exists."""
        return await Item.get_or_none(using_db=self._connection, id=item_id)

    async def save(self, item: Item) -> None:
        """Add or replace an item."""
        try:
            await item.save(using_db=self._connection)
        except IntegrityError as error:
            message = "An item with this name already exists."
            raise ConflictError(message) from error

    async def delete(self, item_id: UUID) -> bool:
        """Delete an item, and tell whether it existed."""
        items = Item.filter(id=item_id).using_db(self._connection)
        return await items.delete() > 0
