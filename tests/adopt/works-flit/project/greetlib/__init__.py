"""Greets whoever asks."""

from .app import create_app

__version__ = "0.3"
__all__ = ["create_app"]
