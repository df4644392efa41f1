"""What lives as long as the application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from .repositories.item import ItemRepository


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Keep the items in memory while the application runs."""
    app.state.items = ItemRepository()
    yield
