"""Item routes."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from ..schemas.item import ItemRead, ItemWrite
from ..schemas.pagination import Page, PageQuery
from .dependencies import ItemServiceDep
from .media_type import require_json
from .openapi import problems

router = APIRouter(
    prefix="/items",
    tags=["items"],
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
)


@router.get("")
async def list_items(
    service: ItemServiceDep, query: Annotated[PageQuery, Query()]
) -> Page[ItemRead]:
    """List items, oldest first."""
    return await service.page(query)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(require_json)],
    responses={
        HTTPStatus.CREATED.value: {
            "headers": {
                "Location": {
                    "description": "Path of the new item",
                    "schema": {"type": "string"},
                }
            }
        },
        **problems(HTTPStatus.CONFLICT, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    },
)
async def create_item(
    service: ItemServiceDep, data: ItemWrite, request: Request, response: Response
) -> ItemRead:
    """Create an item."""
    item = await service.create(data)
    response.headers["location"] = request.app.url_path_for(
        "read_item", item_id=item.id
    )
    return item


@router.get("/{item_id}", responses=problems(HTTPStatus.NOT_FOUND))
async def read_item(service: ItemServiceDep, item_id: UUID) -> ItemRead:
    """Return an item."""
    return await service.read(item_id)


@router.put(
    "/{item_id}",
    dependencies=[Depends(require_json)],
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ),
)
async def replace_item(
    service: ItemServiceDep, item_id: UUID, data: ItemWrite
) -> ItemRead:
    """Replace an item."""
    return await service.replace(item_id, data)


@router.delete(
    "/{item_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(HTTPStatus.NOT_FOUND),
)
async def delete_item(service: ItemServiceDep, item_id: UUID) -> None:
    """Delete an item."""
    await service.delete(item_id)
