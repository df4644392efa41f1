#!/bin/sh
set -e

# Starts the service.
exec python -m app
