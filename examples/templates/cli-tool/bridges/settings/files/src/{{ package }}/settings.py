"""Settings from `settings.toml` in the folder that the tool is called in."""

import tomllib
from pathlib import Path

SETTINGS = Path("settings.toml")


def total_by_default() -> bool:
    """Tell whether the settings ask for a total."""
    if not SETTINGS.exists():
        return False
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    return settings.get("total") is True
