"""Run the tool: `python -m`."""

from .cli import main

main()
