"""Starts the server."""

import os

HOST = "127.0.0.1"
PORT = 8000


def main() -> None:
    """Runs until it is stopped."""
    host = os.environ.get("HOST", HOST)
    port = int(os.environ.get("PORT", PORT))
    print(f"serving on {host}:{port}")
