"""The command line."""

import argparse

from . import __doc__ as summary
from .greeting import greet


def main() -> None:
    """Greet who is named."""
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("name")
    typed = parser.parse_args()
    print(greet(typed.name))


if __name__ == "__main__":
    main()
