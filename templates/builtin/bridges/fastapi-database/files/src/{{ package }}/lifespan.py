"""What lives as long as the application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from .database import open_database
from .settings import Settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Keep the database open while the application runs."""
    settings: Settings = app.state.settings
    async with open_database(settings.database_url) as database:
        app.state.database = database
        yield
