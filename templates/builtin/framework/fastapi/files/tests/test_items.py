import asyncio
from http import HTTPStatus
from uuid import uuid4

import pytest
from httpx2 import AsyncClient

ITEMS = "/api/v1/items"


async def create(client: AsyncClient, name: str) -> str:
    response = await client.post(ITEMS, json={"name": name, "quantity": 3})
    assert response.status_code == HTTPStatus.CREATED
    item_id: str = response.json()["id"]
    return item_id


async def test_create(client: AsyncClient) -> None:
    response = await client.post(ITEMS, json={"name": "  bolt ", "quantity": 3})

    assert response.status_code == HTTPStatus.CREATED
    item = response.json()
    assert response.headers["location"] == f"{ITEMS}/{item['id']}"
    assert (item["name"], item["description"], item["quantity"]) == ("bolt", None, 3)
    assert item["created_at"].endswith("Z")
    assert (await client.get(response.headers["location"])).json() == item


async def test_whole_number_with_a_point(client: AsyncClient) -> None:
    response = await client.post(ITEMS, json={"name": "bolt", "quantity": 3.0})

    assert response.status_code == HTTPStatus.CREATED
    assert response.json()["quantity"] == 3


async def test_pages(client: AsyncClient) -> None:
    for name in ("c", "a", "b"):
        await create(client, name)

    response = await client.get(ITEMS, params={"limit": 2, "offset": 1})

    assert response.status_code == HTTPStatus.OK
    page = response.json()
    assert [item["name"] for item in page["items"]] == ["a", "b"]
    assert (page["total"], page["limit"], page["offset"]) == (3, 2, 1)


async def test_offset_beyond_the_end(client: AsyncClient) -> None:
    page = (await client.get(ITEMS, params={"offset": 2**31 - 1})).json()

    assert (page["items"], page["total"], page["limit"]) == ([], 0, 20)


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", 0), ("limit", 101), ("offset", -1), ("offset", 2**31), ("page", 1)],
)
async def test_invalid_page(client: AsyncClient, name: str, value: int) -> None:
    response = await client.get(ITEMS, params={name: value})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    [error] = response.json()["errors"]
    assert error["location"] == f"query.{name}"


async def test_replace(client: AsyncClient) -> None:
    item_id = await create(client, "bolt")

    response = await client.put(f"{ITEMS}/{item_id}", json={"name": "nut"})

    assert response.status_code == HTTPStatus.OK
    item = response.json()
    assert (item["id"], item["name"], item["quantity"]) == (item_id, "nut", 0)
    assert item["updated_at"] > item["created_at"]
    assert (await client.get(f"{ITEMS}/{item_id}")).json() == item


async def test_delete(client: AsyncClient) -> None:
    item_id = await create(client, "bolt")

    response = await client.delete(f"{ITEMS}/{item_id}")

    assert response.status_code == HTTPStatus.NO_CONTENT
    assert (await client.get(f"{ITEMS}/{item_id}")).status_code == HTTPStatus.NOT_FOUND


async def test_taken_name(client: AsyncClient) -> None:
    await create(client, "bolt")
    item_id = await create(client, "nut")

    for method, path in (("POST", ITEMS), ("PUT", f"{ITEMS}/{item_id}")):
        response = await client.request(method, path, json={"name": "bolt"})
        assert response.status_code == HTTPStatus.CONFLICT
        assert response.headers["content-type"] == "application/problem+json"

    item = (await client.get(f"{ITEMS}/{item_id}")).json()
    assert (item["name"], item["quantity"]) == ("nut", 3)


async def test_only_one_of_many_gets_a_name(client: AsyncClient) -> None:
    requests = [client.post(ITEMS, json={"name": "bolt"}) for _ in range(5)]

    statuses = [response.status_code for response in await asyncio.gather(*requests)]

    assert statuses.count(HTTPStatus.CREATED) == 1
    assert statuses.count(HTTPStatus.CONFLICT) == 4


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_unknown_item(client: AsyncClient, method: str) -> None:
    body = {"name": "bolt"} if method == "PUT" else None

    response = await client.request(method, f"{ITEMS}/{uuid4()}", json=body)

    assert response.status_code == HTTPStatus.NOT_FOUND


async def test_id_that_is_no_uuid(client: AsyncClient) -> None:
    response = await client.get(f"{ITEMS}/1")

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.json()["errors"][0]["location"] == "path.item_id"


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"name": "\xff"}', b'{"name": "bolt", "quantity": NaN}']
)
async def test_body_that_is_not_json(client: AsyncClient, body: bytes) -> None:
    response = await client.post(
        ITEMS, content=body, headers={"content-type": "application/json"}
    )

    assert response.status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("headers", [{}, {"content-type": "text/plain"}])
async def test_body_of_another_type(
    client: AsyncClient, headers: dict[str, str]
) -> None:
    response = await client.post(ITEMS, content=b'{"name": "a"}', headers=headers)

    assert response.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize(
    ("body", "location"),
    [
        (b"null", "body"),
        (b"[]", "body"),
        (b"{}", "body.name"),
        (b'{"name": " "}', "body.name"),
        (b'{"name": "\\u0000"}', "body.name"),
        (b'{"name": "\\ud800"}', "body.name"),
        (b'{"name": "bolt", "description": "\\u0000"}', "body.description"),
        (b'{"name": "bolt", "quantity": -1}', "body.quantity"),
        (b'{"name": "bolt", "quantity": 2147483648}', "body.quantity"),
        (b'{"name": "bolt", "quantity": 0.5}', "body.quantity"),
        (b'{"name": "bolt", "quantity": true}', "body.quantity"),
        (b'{"name": "bolt", "quantity": "3"}', "body.quantity"),
        (b'{"name": "bolt", "colour": 1}', "body.colour"),
        (b'{"name": "bolt", "\\ud800": 1}', "body"),
    ],
)
async def test_invalid_item(client: AsyncClient, body: bytes, location: str) -> None:
    response = await client.post(
        ITEMS, content=body, headers={"content-type": "application/json"}
    )

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["location"] for error in response.json()["errors"]] == [location]
