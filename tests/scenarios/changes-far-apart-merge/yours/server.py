"""Starts the server."""

import os

HOST = "0.0.0.0"
PORT = 8000


def main() -> None:
    """Runs until it is stopped."""
    host = os.environ.get("HOST", HOST)
    port = int(os.environ.get("PORT", PORT))
    print(f"listening on {host}:{port}")
