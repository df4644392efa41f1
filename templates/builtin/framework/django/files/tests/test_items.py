from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

ITEMS = "/api/v1/items"
JSON = "application/json"


def create(client: Client, name: str) -> str:
    response = client.post(ITEMS, {"name": name, "quantity": 3}, content_type=JSON)
    assert response.status_code == HTTPStatus.CREATED
    item_id: str = response.json()["id"]
    return item_id


def test_create(client: Client) -> None:
    body = {"name": "  bolt ", "quantity": 3}

    response = client.post(ITEMS, body, content_type=JSON)

    assert response.status_code == HTTPStatus.CREATED
    item = response.json()
    assert response.headers["location"] == f"{ITEMS}/{item['id']}"
    assert (item["name"], item["description"], item["quantity"]) == ("bolt", None, 3)
    assert item["created_at"].endswith("Z")
    assert client.get(response.headers["location"]).json() == item


def test_whole_number_with_a_point(client: Client) -> None:
    body = {"name": "bolt", "quantity": 3.0}

    response = client.post(ITEMS, body, content_type=JSON)

    assert response.status_code == HTTPStatus.CREATED
    assert response.json()["quantity"] == 3


def test_pages(client: Client) -> None:
    for name in ("c", "a", "b"):
        create(client, name)

    response = client.get(ITEMS, {"limit": 2, "offset": 1})

    assert response.status_code == HTTPStatus.OK
    page = response.json()
    assert [item["name"] for item in page["items"]] == ["a", "b"]
    assert (page["total"], page["limit"], page["offset"]) == (3, 2, 1)


def test_offset_beyond_the_end(client: Client) -> None:
    page = client.get(ITEMS, {"offset": 2**31 - 1}).json()

    assert (page["items"], page["total"], page["limit"]) == ([], 0, 20)


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", 0), ("limit", 101), ("offset", -1), ("offset", 2**31)],
)
def test_invalid_page(client: Client, name: str, value: int) -> None:
    response = client.get(ITEMS, {name: value})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    [error] = response.json()["errors"]
    assert error["location"] == f"query.{name}"


def test_replace(client: Client) -> None:
    item_id = create(client, "bolt")

    response = client.put(f"{ITEMS}/{item_id}", {"name": "nut"}, content_type=JSON)

    assert response.status_code == HTTPStatus.OK
    item = response.json()
    assert (item["id"], item["name"], item["quantity"]) == (item_id, "nut", 0)
    assert item["updated_at"] > item["created_at"]
    assert client.get(f"{ITEMS}/{item_id}").json() == item


def test_delete(client: Client) -> None:
    item_id = create(client, "bolt")

    response = client.delete(f"{ITEMS}/{item_id}")

    assert response.status_code == HTTPStatus.NO_CONTENT
    assert "content-type" not in response.headers
    assert client.get(f"{ITEMS}/{item_id}").status_code == HTTPStatus.NOT_FOUND


def test_taken_name(client: Client) -> None:
    create(client, "bolt")
    item_id = create(client, "nut")

    for send, path in ((client.post, ITEMS), (client.put, f"{ITEMS}/{item_id}")):
        response = send(path, {"name": "bolt"}, content_type=JSON)
        assert response.status_code == HTTPStatus.CONFLICT
        assert response.headers["content-type"] == "application/problem+json"

    item = client.get(f"{ITEMS}/{item_id}").json()
    assert (item["name"], item["quantity"]) == ("nut", 3)


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_gets_a_name() -> None:
    def post(_number: int) -> int:
        response = Client().post(ITEMS, {"name": "bolt"}, content_type=JSON)
        connection.close()
        return response.status_code

    with ThreadPoolExecutor() as executor:
        statuses = list(executor.map(post, range(5)))

    assert statuses.count(HTTPStatus.CREATED) == 1
    assert statuses.count(HTTPStatus.CONFLICT) == 4


def test_unknown_item(client: Client) -> None:
    path = f"{ITEMS}/{uuid4()}"

    for response in (
        client.get(path),
        client.put(path, {"name": "bolt"}, content_type=JSON),
        client.delete(path),
    ):
        assert response.status_code == HTTPStatus.NOT_FOUND


def test_id_that_is_no_uuid(client: Client) -> None:
    response = client.get(f"{ITEMS}/1")

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.json()["errors"][0]["location"] == "path.item_id"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"name": "\xff"}',
        b'{"name": "bolt", "quantity": NaN}',
        b"[" * 100_000,
    ],
)
def test_body_that_is_not_json(client: Client, body: bytes) -> None:
    response = client.post(ITEMS, body, content_type=JSON)

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert response.json()["detail"] == "The body is not valid JSON."


@pytest.mark.parametrize("content_type", ["", "text/plain"])
def test_body_of_another_type(client: Client, content_type: str) -> None:
    response = client.post(ITEMS, b'{"name": "a"}', content_type=content_type)

    assert response.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize(
    ("body", "location"),
    [
        (b"null", "body"),
        (b"[]", "body"),
        (b"{}", "body.name"),
        (b'{"name": " "}', "body.name"),
        (b'{"name": 7}', "body.name"),
        (b'{"name": "\\u0000"}', "body.name"),
        (b'{"name": "\\ud800"}', "body.name"),
        (b'{"name": "bolt", "description": "\\u0000"}', "body.description"),
        (b'{"name": "bolt", "quantity": -1}', "body.quantity"),
        (b'{"name": "bolt", "quantity": 2147483648}', "body.quantity"),
        (b'{"name": "bolt", "quantity": 0.5}', "body.quantity"),
        (b'{"name": "bolt", "quantity": true}', "body.quantity"),
        (b'{"name": "bolt", "quantity": "3"}', "body.quantity"),
        (b'{"name": "bolt", "colour": 1}', "body.colour"),
    ],
)
def test_invalid_item(client: Client, body: bytes, location: str) -> None:
    response = client.post(ITEMS, body, content_type=JSON)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["location"] for error in response.json()["errors"]] == [location]
