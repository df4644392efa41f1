"""Storage of items."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, delete, func, select

from ..errors import ConflictError
from ..models import Item


class ItemRepository:
    """Keep items in the database."""

    def __init__(self, session: Session) -> None:
        """Use the caller's transaction."""
        self._session = session

    def page(self, *, limit: int, offset: int) -> tuple[Sequence[Item], int]:
        """Return a page of items, oldest first, and the number of all items."""
        query = (
            select(Item)
            .order_by(col(Item.created_at), col(Item.id))
            .limit(limit)
            .offset(offset)
        )
        items = self._session.exec(query).all()
        total = self._session.exec(select(func.count()).select_from(Item)).one()
        return items, total

    def get(self, item_id: UUID) -> Item | None:
        """Return an item, if it exists."""
        return self._session.get(Item, item_id)

    def save(self, item: Item) -> None:
        """Add or replace an item."""
        self._session.add(item)
        try:
            self._session.flush()
        except IntegrityError as error:
            message = "An item with this name already exists."
            raise ConflictError(message) from error
        except StaleDataError as error:
            message = "The item was deleted meanwhile."
            raise ConflictError(message) from error

    def delete(self, item_id: UUID) -> bool:
        """Delete an item, and tell whether it existed."""
        query = delete(Item).where(col(Item.id) == item_id).returning(col(Item.id))
        return self._session.scalar(query) is not None
