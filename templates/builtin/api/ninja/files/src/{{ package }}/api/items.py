"""Item routes."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Status

from ..items.models import Item
from ..items.services import find_item, find_item_to_change, unique_names
from ..schemas.item import ItemRead, ItemWrite
from ..schemas.pagination import Page, PageQuery
from .openapi import problems

router = Router(tags=["items"])


@router.get(
    "",
    response={
        HTTPStatus.OK: Page[ItemRead],
        **problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
def list_items(request: HttpRequest, query: Query[PageQuery]) -> Page[ItemRead]:
    """List items, oldest first."""
    items = Item.objects.all()[query.offset : query.offset + query.limit]
    return Page(
        items=[ItemRead.model_validate(item) for item in items],
        total=Item.objects.count(),
        limit=query.limit,
        offset=query.offset,
    )


@router.post(
    "",
    response={
        HTTPStatus.CREATED: ItemRead,
        **problems(
            HTTPStatus.CONFLICT,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    },
    openapi_extra={
        "responses": {
            HTTPStatus.CREATED: {
                "headers": {
                    "Location": {
                        "description": "Path of the new item",
                        "schema": {"type": "string"},
                    }
                }
            }
        }
    },
)
def create_item(
    request: HttpRequest, data: ItemWrite, response: HttpResponse
) -> Status[Item]:
    """Create an item."""
    item = Item(name=data.name, description=data.description, quantity=data.quantity)
    with unique_names():
        item.save()
    response.headers["location"] = reverse("api:read_item", args=[item.id])
    return Status(HTTPStatus.CREATED, item)


@router.get(
    "/{item_id}",
    response={
        HTTPStatus.OK: ItemRead,
        **problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
def read_item(request: HttpRequest, item_id: UUID) -> Item:
    """Return an item."""
    return find_item(item_id)


@router.put(
    "/{item_id}",
    response={
        HTTPStatus.OK: ItemRead,
        **problems(
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    },
)
def replace_item(request: HttpRequest, item_id: UUID, data: ItemWrite) -> Item:
    """Replace an item."""
    item = find_item_to_change(item_id)
    item.name = data.name
    item.description = data.description
    item.quantity = data.quantity
    with unique_names():
        item.save()
    return item


@router.delete(
    "/{item_id}",
    response={
        HTTPStatus.NO_CONTENT: None,
        **problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
def delete_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Delete an item."""
    find_item_to_change(item_id).delete()
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    del response.headers["content-type"]
    return response
