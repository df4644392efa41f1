"""Storage of items."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from ..errors import ConflictError
from ..models import Item


class ItemRepository:
    """Keep items in the database."""

    def __init__(self, session: AsyncSession) -> None:
        """Use the caller's transaction."""
        self._session = session

    async def page(self, *, limit: int, offset: int) -> tuple[Sequence[Item], int]:
        """Return a page of items, oldest first, and the number of all items."""
        query = (
            select(Item)
            .order_by(col(Item.created_at), col(Item.id))
            .limit(limit)
            .offset(offset)
        )
        items = (await self._session.exec(query)).all()
        total = (await self._session.exec(select(func.count()).select_from(Item))).one()
        return items, total

    async def get(self, item_id: UUID) -> Item | None:
        """Return an item, if it exists."""
        return await self._session.get(Item, item_id)

    async def save(self, item: Item) -> None:
        """Add or replace an item."""
        self._session.add(item)
        try:
            await self._session.flush()
        except IntegrityError as error:
            message = "An item with this name already exists."
            raise ConflictError(message) from error
        except StaleDataError as error:
            message = "The item was deleted meanwhile."
            raise ConflictError(message) from error

    async def delete(self, item_id: UUID) -> bool:
        """Delete an item, and tell whether it existed."""
        query = delete(Item).where(col(Item.id) == item_id).returning(col(Item.id))
        return await self._session.scalar(query) is not None
