import re
from contextlib import closing
from http import HTTPStatus

import pytest
from django.test import Client


def test_page_loads_only_its_own_files(client: Client) -> None:
    page = client.get("/docs")

    assert page.status_code == HTTPStatus.OK
    assert "script-src 'self'" in page.headers["content-security-policy"]
    files = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert files
    for file in files:
        with closing(client.get(file)) as response:
            assert response.status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", ["/docs/nothing.js", "/static/nothing.js"])
def test_other_files_are_not_found(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert response.headers["content-type"] == "application/problem+json"


def test_openapi_documents_errors_as_problems(client: Client) -> None:
    document = client.get("/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    responses = document["paths"]["/api/v1/items"]["post"]["responses"]
    assert set(responses) == {"201", "400", "409", "413", "415", "422", "500"}
    assert set(responses["201"]["content"]) == {"application/json"}
    assert set(responses["201"]["headers"]) == {"Location"}
    assert set(responses["409"]["content"]) == {"application/problem+json"}


def test_openapi_documents_all_routes(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    assert {path: set(operations) for path, operations in paths.items()} == {
        "/health/live": {"get"},
        "/health/ready": {"get"},
        "/api/v1/items": {"get", "post"},
        "/api/v1/items/{item_id}": {"get", "put", "delete"},
    }


def test_openapi_documents_parameters(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    [item_id] = paths["/api/v1/items/{item_id}"]["get"]["parameters"]
    assert (item_id["in"], item_id["required"]) == ("path", True)
    assert item_id["schema"]["format"] == "uuid"
    limit, offset = paths["/api/v1/items"]["get"]["parameters"]
    assert (limit["name"], limit["in"]) == ("limit", "query")
    assert offset["schema"]["maximum"] == 2147483647


def test_openapi_documents_the_fields_of_items(client: Client) -> None:
    document = client.get("/openapi.json").json()

    item = document["components"]["schemas"]["ItemWrite"]
    assert set(item["properties"]) == {"name", "description", "quantity"}
    assert not item["additionalProperties"]
    item = document["components"]["schemas"]["ItemRead"]
    assert set(item["required"]) == set(item["properties"])
    answer = document["paths"]["/api/v1/items"]["get"]["responses"]["200"]
    assert "$ref" in answer["content"]["application/json"]["schema"]
