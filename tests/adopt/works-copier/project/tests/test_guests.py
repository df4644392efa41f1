from fastapi.testclient import TestClient
from guests.app import app


def test_guests_sign():
    client = TestClient(app)
    assert client.post("/guests/Ada").status_code == 201
    assert client.get("/guests").json() == ["Ada"]
