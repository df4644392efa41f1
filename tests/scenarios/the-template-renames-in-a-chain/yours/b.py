# Guide

How to work on this project.

## Set up

Run `make install`.

## Test

Run `make check`.

## Release

Push a tag.
