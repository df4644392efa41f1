from greetlib import create_app


def test_it_greets():
    client = create_app({"GREETING": "hi"}).test_client()
    assert client.get("/").get_json() == {"greeting": "hi"}


def test_it_greets_by_default():
    assert create_app().test_client().get("/").get_json()["greeting"] == "hello"
