from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_a_note_is_found():
    assert client.get("/notes/1").json() == {"number": 1, "text": "milk"}


def test_another_one_is_not():
    assert client.get("/notes/9").status_code == 404
