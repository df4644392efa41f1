import re
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient


def test_page_loads_only_its_own_files(client: FlaskClient) -> None:
    page = client.get("/docs")

    assert page.status_code == HTTPStatus.OK
    assert "script-src 'self'" in page.headers["content-security-policy"]
    files = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert files
    for file in files:
        with client.get(f"/{file}") as response:
            assert response.status_code == HTTPStatus.OK


def test_other_files_are_not_found(client: FlaskClient) -> None:
    response = client.get("/docs/nothing.js")

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert response.headers["content-type"] == "application/problem+json"


def test_openapi_documents_errors_as_problems(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()

    assert document["openapi"].startswith("3.1")
    responses = document["paths"]["/api/v1/items"]["post"]["responses"]
    assert set(responses) == {"201", "400", "409", "413", "415", "422", "500"}
    assert set(responses["201"]["content"]) == {"application/json"}
    assert set(responses["201"]["headers"]) == {"Location"}
    assert set(responses["409"]["content"]) == {"application/problem+json"}


def test_openapi_documents_all_routes(app: Flask, client: FlaskClient) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]

    rules = [rule.rule for rule in app.url_map.iter_rules()]
    routes = [rule for rule in rules if rule.startswith(("/api/", "/health/"))]
    assert {re.sub(r"<(\w+)>", r"{\1}", route) for route in routes} == set(paths)


def test_openapi_documents_parameters(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]

    [item_id] = paths["/api/v1/items/{item_id}"]["get"]["parameters"]
    assert (item_id["in"], item_id["required"]) == ("path", True)
    assert item_id["schema"]["format"] == "uuid"
    limit, offset = paths["/api/v1/items"]["get"]["parameters"]
    assert (limit["name"], limit["in"], limit["required"]) == ("limit", "query", False)
    assert offset["schema"]["maximum"] == 2147483647


def test_openapi_documents_the_limits(client: FlaskClient) -> None:
    schemas = client.get("/openapi.json").get_json()["components"]["schemas"]

    assert schemas["Quantity"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 2147483647,
    }
    assert (schemas["Name"]["minLength"], schemas["Name"]["maxLength"]) == (1, 120)
