#!/bin/sh
set -eu

# Starts the service.
exec python -m shop
