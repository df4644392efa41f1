"""The database: its connections and transactions."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.config import AppConfig, DBUrlConfig, TortoiseConfig
from tortoise.connection import get_connection
from tortoise.contrib.fastapi import RegisterTortoise
from tortoise.transactions import in_transaction

from . import migrations, models


def tortoise_config(url: str) -> TortoiseConfig:
    """Name the connection, the models and their migrations."""
    return TortoiseConfig(
        # Tortoise writes the path of a file right after the two slashes.
        connections={"default": DBUrlConfig(url.replace("sqlite:///", "sqlite://"))},
        apps={
            "models": AppConfig(
                models=[models.__name__],
                default_connection="default",
                migrations=migrations.__name__,
            )
        },
        use_tz=True,
        timezone="UTC",
    )


class Database:
    """A pool of connections."""

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[BaseDBAsyncClient]:
        """Open a transaction: commit at the end, roll back on any error."""
        async with in_transaction() as connection:
            yield connection

    async def ping(self) -> None:
        """Fail unless the database answers."""
        await get_connection("default").execute_script("SELECT 1")


@asynccontextmanager
async def open_database(url: str) -> AsyncGenerator[Database]:
    """Keep a database open for as long as the context lives."""
    async with RegisterTortoise(config=tortoise_config(url)):
        yield Database()
