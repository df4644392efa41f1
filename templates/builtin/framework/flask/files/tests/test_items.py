from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

ITEMS = "/api/v1/items"


def create(client: FlaskClient, name: str) -> str:
    response = client.post(ITEMS, json={"name": name, "quantity": 3})
    assert response.status_code == HTTPStatus.CREATED
    item_id: str = response.get_json()["id"]
    return item_id


def test_create(client: FlaskClient) -> None:
    response = client.post(ITEMS, json={"name": "  bolt ", "quantity": 3})

    assert response.status_code == HTTPStatus.CREATED
    item = response.get_json()
    assert response.headers["location"] == f"{ITEMS}/{item['id']}"
    assert (item["name"], item["description"], item["quantity"]) == ("bolt", None, 3)
    assert item["created_at"].endswith("Z")
    assert client.get(response.headers["location"]).get_json() == item


def test_whole_number_with_a_point(client: FlaskClient) -> None:
    response = client.post(ITEMS, json={"name": "bolt", "quantity": 3.0})

    assert response.status_code == HTTPStatus.CREATED
    assert response.get_json()["quantity"] == 3


def test_pages(client: FlaskClient) -> None:
    for name in ("c", "a", "b"):
        create(client, name)

    response = client.get(ITEMS, query_string={"limit": 2, "offset": 1})

    assert response.status_code == HTTPStatus.OK
    page = response.get_json()
    assert [item["name"] for item in page["items"]] == ["a", "b"]
    assert (page["total"], page["limit"], page["offset"]) == (3, 2, 1)


def test_offset_beyond_the_end(client: FlaskClient) -> None:
    page = client.get(ITEMS, query_string={"offset": 2**31 - 1}).get_json()

    assert (page["items"], page["total"], page["limit"]) == ([], 0, 20)


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", 0), ("limit", 101), ("offset", -1), ("offset", 2**31), ("page", 1)],
)
def test_invalid_page(client: FlaskClient, name: str, value: int) -> None:
    response = client.get(ITEMS, query_string={name: value})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    [error] = response.get_json()["errors"]
    assert error["location"] == f"query.{name}"


def test_replace(client: FlaskClient) -> None:
    item_id = create(client, "bolt")

    response = client.put(f"{ITEMS}/{item_id}", json={"name": "nut"})

    assert response.status_code == HTTPStatus.OK
    item = response.get_json()
    assert (item["id"], item["name"], item["quantity"]) == (item_id, "nut", 0)
    assert item["updated_at"] > item["created_at"]
    assert client.get(f"{ITEMS}/{item_id}").get_json() == item


def test_delete(client: FlaskClient) -> None:
    item_id = create(client, "bolt")

    response = client.delete(f"{ITEMS}/{item_id}")

    assert response.status_code == HTTPStatus.NO_CONTENT
    assert "content-type" not in response.headers
    assert client.get(f"{ITEMS}/{item_id}").status_code == HTTPStatus.NOT_FOUND


def test_taken_name(client: FlaskClient) -> None:
    create(client, "bolt")
    item_id = create(client, "nut")

    for method, path in (("POST", ITEMS), ("PUT", f"{ITEMS}/{item_id}")):
        response = client.open(path, method=method, json={"name": "bolt"})
        assert response.status_code == HTTPStatus.CONFLICT
        assert response.headers["content-type"] == "application/problem+json"

    item = client.get(f"{ITEMS}/{item_id}").get_json()
    assert (item["name"], item["quantity"]) == ("nut", 3)


def test_only_one_of_many_gets_a_name(app: Flask) -> None:
    def post(_number: int) -> int:
        return app.test_client().post(ITEMS, json={"name": "bolt"}).status_code

    with ThreadPoolExecutor() as executor:
        statuses = list(executor.map(post, range(5)))

    assert statuses.count(HTTPStatus.CREATED) == 1
    assert statuses.count(HTTPStatus.CONFLICT) == 4


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_unknown_item(client: FlaskClient, method: str) -> None:
    body = {"name": "bolt"} if method == "PUT" else None

    response = client.open(f"{ITEMS}/{uuid4()}", method=method, json=body)

    assert response.status_code == HTTPStatus.NOT_FOUND


def test_id_that_is_no_uuid(client: FlaskClient) -> None:
    response = client.get(f"{ITEMS}/1")

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.get_json()["errors"][0]["location"] == "path.item_id"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"name": "bolt", "quantity": NaN}',
    ],
)
def test_body_that_is_not_json(client: FlaskClient, body: bytes) -> None:
    response = client.post(
        ITEMS, data=body, headers={"content-type": "application/json"}
    )

    assert response.status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("headers", [{}, {"content-type": "text/plain"}])
def test_body_of_another_type(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.post(ITEMS, data=b'{"name": "a"}', headers=headers)

    assert response.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize(
    ("body", "location"),
    [
        (b"null", "body"),
        (b"[]", "body"),
        (b"{}", "body.name"),
        (b'{"name": " "}', "body.name"),
        (b'{"name": "\\u0000"}', "body.name"),
        (b'{"name": "bolt", "description": "\\u0000"}', "body.description"),
        (b'{"name": "bolt", "quantity": -1}', "body.quantity"),
        (b'{"name": "bolt", "quantity": 2147483648}', "body.quantity"),
        (b'{"name": "bolt", "quantity": 0.5}', "body.quantity"),
        (b'{"name": "bolt", "quantity": true}', "body.quantity"),
        (b'{"name": "bolt", "quantity": "3"}', "body.quantity"),
        (b'{"name": "bolt", "colour": 1}', "body.colour"),
    ],
)
def test_invalid_item(client: FlaskClient, body: bytes, location: str) -> None:
    response = client.post(
        ITEMS, data=body, headers={"content-type": "application/json"}
    )

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["location"] for error in response.get_json()["errors"]] == [location]
