"""Item routes."""

from http import HTTPStatus
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from ..items.models import Item
from ..items.services import find_item, find_item_to_change
from .errors import InvalidRequestError
from .json_body import read_json
from .openapi import operation
from .serializers import (
    ItemReadSerializer,
    ItemWriteSerializer,
    PageQuerySerializer,
    PageSerializer,
)

ITEM_ID = OpenApiParameter("item_id", UUID, OpenApiParameter.PATH)
LOCATION = OpenApiParameter(
    "Location",
    str,
    OpenApiParameter.HEADER,
    description="Path of the new item",
    response=[HTTPStatus.CREATED],
)


class ItemViewSet(ViewSet):
    """Create, read, replace and delete items."""

    http_method_names = ("get", "post", "put", "delete")
    lookup_url_kwarg = "item_id"

    @operation(
        "items",
        {HTTPStatus.OK: PageSerializer},
        errors=[HTTPStatus.UNPROCESSABLE_ENTITY],
        parameters=[PageQuerySerializer],
    )
    def list(self, request: Request) -> Response:
        """List items, oldest first."""
        query = PageQuerySerializer(data=request.query_params.dict())
        try:
            query.is_valid(raise_exception=True)
        except ValidationError as error:
            raise InvalidRequestError(error.detail, source="query") from error
        limit, offset = query.validated_data["limit"], query.validated_data["offset"]
        page = {
            "items": Item.objects.all()[offset : offset + limit],
            "total": Item.objects.count(),
            "limit": limit,
            "offset": offset,
        }
        return Response(PageSerializer().to_representation(page))

    @operation(
        "items",
        {HTTPStatus.CREATED: ItemReadSerializer},
        errors=[
            HTTPStatus.CONFLICT,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ],
        parameters=[LOCATION],
        request=ItemWriteSerializer,
    )
    def create(self, request: Request) -> Response:
        """Create an item."""
        serializer = ItemWriteSerializer(data=read_json(request))
        serializer.is_valid(raise_exception=True)
        item = serializer.save()
        return Response(
            ItemReadSerializer().to_representation(item),
            HTTPStatus.CREATED,
            headers={"Location": reverse("item-detail", args=[item.id])},
        )

    @operation(
        "items",
        {HTTPStatus.OK: ItemReadSerializer},
        errors=[HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY],
        parameters=[ITEM_ID],
    )
    def retrieve(self, _request: Request, item_id: str) -> Response:
        """Return an item."""
        item = find_item(parse_id(item_id))
        return Response(ItemReadSerializer().to_representation(item))

    @operation(
        "items",
        {HTTPStatus.OK: ItemReadSerializer},
        errors=[
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ],
        parameters=[ITEM_ID],
        request=ItemWriteSerializer,
    )
    def update(self, request: Request, item_id: str) -> Response:
        """Replace an item."""
        item = find_item_to_change(parse_id(item_id))
        serializer = ItemWriteSerializer(item, data=read_json(request))
        serializer.is_valid(raise_exception=True)
        return Response(ItemReadSerializer().to_representation(serializer.save()))

    @operation(
        "items",
        {HTTPStatus.NO_CONTENT: None},
        errors=[HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY],
        parameters=[ITEM_ID],
    )
    def destroy(self, _request: Request, item_id: str) -> Response:
        """Delete an item."""
        find_item_to_change(parse_id(item_id)).delete()
        return Response(status=HTTPStatus.NO_CONTENT)


def parse_id(item_id: str) -> UUID:
    """Read the id of an item from its path."""
    try:
        return UUID(item_id)
    except ValueError as error:
        detail = {"item_id": "Must be a valid UUID."}
        raise InvalidRequestError(detail, source="path") from error
