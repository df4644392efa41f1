from app.main import app
from app.store import entries
from fastapi.testclient import TestClient


class Fake:
    def find_one(self, query):
        return {"name": query["name"], "sum": 3}


def test_an_entry_is_read():
    app.dependency_overrides[entries] = Fake
    assert TestClient(app).get("/entries/rent").json() == {"name": "rent", "sum": 3}
