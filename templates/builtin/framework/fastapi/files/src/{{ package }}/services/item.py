"""What can be done with items."""

from uuid import UUID

from ..clock import utc_now
from ..errors import NotFoundError
from ..models import Item
from ..repositories.item import ItemRepository
from ..schemas.item import ItemRead, ItemWrite
from ..schemas.pagination import Page, PageQuery


class ItemService:
    """Create, read, replace and delete items."""

    def __init__(self, repository: ItemRepository) -> None:
        """Use the caller's repository."""
        self._repository = repository

    async def page(self, query: PageQuery) -> Page[ItemRead]:
        """Return a page of items, oldest first."""
        items, total = await self._repository.page(
            limit=query.limit, offset=query.offset
        )
        return Page(
            items=[ItemRead.model_validate(item) for item in items],
            total=total,
            limit=query.limit,
            offset=query.offset,
        )

    async def create(self, data: ItemWrite) -> ItemRead:
        """Create an item."""
        item = Item(
            name=data.name, description=data.description, quantity=data.quantity
        )
        await self._repository.save(item)
        return ItemRead.model_validate(item)

    async def read(self, item_id: UUID) -> ItemRead:
        """Return an item."""
        return ItemRead.model_validate(await self._get(item_id))

    async def replace(self, item_id: UUID, data: ItemWrite) -> ItemRead:
        """Replace all that a client may set."""
        item = await self._get(item_id)
        item.name = data.name
        item.description = data.description
        item.quantity = data.quantity
        item.updated_at = utc_now()
        await self._repository.save(item)
        return ItemRead.model_validate(item)

    async def delete(self, item_id: UUID) -> None:
        """Delete an item."""
        await self._repository.delete(await self._get(item_id))

    async def _get(self, item_id: UUID) -> Item:
        item = await self._repository.get(item_id)
        if item is None:
            message = "This item does not exist."
            raise NotFoundError(message)
        return item
