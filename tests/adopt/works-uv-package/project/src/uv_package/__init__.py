from flask import Flask


def create_app(config=None):
    app = Flask(__name__)
    app.config.update(config or {})

    @app.get("/")
    def index():
        return {"greeting": app.config.get("GREETING", "hello")}

    return app


def main() -> None:
    print("Hello from uv-package!")
