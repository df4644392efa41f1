"""Count lines."""

from pathlib import Path


def count(path: Path) -> int:
    """Count the lines of a file; a last one without an end counts, too."""
    with path.open("rb") as file:
        return sum(1 for _ in file)
