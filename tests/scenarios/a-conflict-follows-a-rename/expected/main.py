"""Starts the server."""

import os

HOST = "127.0.0.1"
<<<<<<< yours
PORT = 9000
||||||| base: demo 1.0
PORT = 8000
=======
PORT = 8080
>>>>>>> template: demo 2.0


def main() -> None:
    """Runs until it is stopped."""
    host = os.environ.get("HOST", HOST)
    port = int(os.environ.get("PORT", PORT))
    print(f"listening on {host}:{port}")
