import re
from http import HTTPStatus

from httpx2 import AsyncClient


async def test_page_loads_only_its_own_files(client: AsyncClient) -> None:
    page = await client.get("/docs")

    assert page.status_code == HTTPStatus.OK
    assert "script-src 'self'" in page.headers["content-security-policy"]
    files = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert files
    for file in files:
        assert (await client.get(f"/{file}")).status_code == HTTPStatus.OK


async def test_other_files_are_not_found(client: AsyncClient) -> None:
    response = await client.get("/docs/nothing.js")

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert response.headers["content-type"] == "application/problem+json"


async def test_openapi_documents_errors_as_problems(client: AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    responses = document["paths"]["/api/v1/items"]["post"]["responses"]
    assert set(responses) == {"201", "400", "409", "413", "415", "422", "500"}
    assert set(responses["201"]["content"]) == {"application/json"}
    assert set(responses["409"]["content"]) == {"application/problem+json"}
    assert "HTTPValidationError" not in document["components"]["schemas"]
