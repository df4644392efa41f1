from fastapi.testclient import TestClient
from warehouse.main import app


def test_it_counts():
    assert TestClient(app).get("/count").json() == 6
