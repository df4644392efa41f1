"""Item routes."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, url_for
from pydantic import BaseModel

from ..schemas.item import ItemRead, ItemWrite
from ..schemas.pagination import Page, PageQuery
from .dependencies import get_item_service
from .messages import no_content, read_body, read_path, read_query, reply
from .openapi import documented

blueprint = Blueprint("items", __name__)


class ItemPath(BaseModel):
    """Which item a path is about."""

    item_id: UUID


@blueprint.get("")
@documented({HTTPStatus.OK: Page[ItemRead]}, query=PageQuery)
def list_items() -> Response:
    """List items, oldest first."""
    return reply(get_item_service().page(read_query(PageQuery)))


@blueprint.post("")
@documented(
    {HTTPStatus.CREATED: ItemRead}, body=ItemWrite, problems=[HTTPStatus.CONFLICT]
)
def create_item() -> Response:
    """Create an item."""
    item = get_item_service().create(read_body(ItemWrite))
    response = reply(item, HTTPStatus.CREATED)
    response.location = url_for(".read_item", item_id=item.id)
    return response


@blueprint.get("/<item_id>")
@documented({HTTPStatus.OK: ItemRead}, path=ItemPath, problems=[HTTPStatus.NOT_FOUND])
def read_item(item_id: str) -> Response:
    """Return an item."""
    path = read_path(ItemPath, item_id=item_id)
    return reply(get_item_service().read(path.item_id))


@blueprint.put("/<item_id>")
@documented(
    {HTTPStatus.OK: ItemRead},
    path=ItemPath,
    body=ItemWrite,
    problems=[HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT],
)
def replace_item(item_id: str) -> Response:
    """Replace an item."""
    path = read_path(ItemPath, item_id=item_id)
    return reply(get_item_service().replace(path.item_id, read_body(ItemWrite)))


@blueprint.delete("/<item_id>")
@documented(
    {HTTPStatus.NO_CONTENT: None}, path=ItemPath, problems=[HTTPStatus.NOT_FOUND]
)
def delete_item(item_id: str) -> Response:
    """Delete an item."""
    path = read_path(ItemPath, item_id=item_id)
    get_item_service().delete(path.item_id)
    return no_content()
