"""What routes depend on."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from ..database import Database
from ..repositories.item import ItemRepository
from ..services.item import ItemService

type Check = Callable[[], Awaitable[None]]


def get_database(request: Request) -> Database:
    """Return the database that the application has opened."""
    database: Database = request.app.state.database
    return database


DatabaseDep = Annotated[Database, Depends(get_database)]


async def get_session(database: DatabaseDep) -> AsyncGenerator[AsyncSession]:
    """Give each request one transaction."""
    async with database.transaction() as session:
        yield session


# The scope "function" commits before the answer is sent: a failed commit is no success.
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]


def get_item_service(session: SessionDep) -> ItemService:
    """Return the service of items."""
    return ItemService(ItemRepository(session))


ItemServiceDep = Annotated[ItemService, Depends(get_item_service)]


def get_checks(database: DatabaseDep) -> dict[str, Check]:
    """Return what has to work before requests can be served."""
    return {"database": database.ping}


ChecksDep = Annotated[dict[str, Check], Depends(get_checks)]
