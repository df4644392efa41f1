"""The OpenAPI document."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from inspect import getdoc

from flask import Flask, Response
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from ..errors import PROBLEM_JSON
from ..schemas.problem import Problem

type Json = dict[str, object]
type Model = type[BaseModel]
type View = Callable[..., object]
type Schemas = Mapping[tuple[Model, JsonSchemaMode], Json]

REFERENCE = "#/components/schemas/{model}"
LOCATION = {"description": "Path of the new resource", "schema": {"type": "string"}}

# In /items/<item_id> the part item_id, which may have a converter before it.
_PART = re.compile(r"<(?:[^>]*:)?([^>]+)>")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a route takes and gives."""

    answers: Mapping[HTTPStatus, Model | None]
    problems: Sequence[HTTPStatus]
    path: Model | None
    query: Model | None
    body: Model | None

    def models(self) -> Iterator[tuple[Model, JsonSchemaMode]]:
        """List the models of bodies, and whether they are read or written."""
        if self.body:
            yield self.body, "validation"
        for model in self.answers.values():
            if model:
                yield model, "serialization"

    def all_problems(self) -> Iterator[HTTPStatus]:
        """List all errors that the route may answer with."""
        yield HTTPStatus.BAD_REQUEST
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        yield HTTPStatus.INTERNAL_SERVER_ERROR
        yield from self.problems
        if self.body:
            yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        if self.path or self.query or self.body:
            yield HTTPStatus.UNPROCESSABLE_ENTITY


_operations: dict[View, Operation] = {}


def documented[V: View](
    answers: Mapping[HTTPStatus, Model | None],
    *,
    problems: Sequence[HTTPStatus] = (),
    path: Model | None = None,
    query: Model | None = None,
    body: Model | None = None,
) -> Callable[[V], V]:
    """Put a view into the document, with its docstring as the summary."""

    def document(view: V) -> V:
        _operations[view] = Operation(
            answers=answers, problems=problems, path=path, query=query, body=body
        )
        return view

    return document


def describe_parameters(
    model: Model | None, place: str, components: Json
) -> Iterator[Json]:
    """Describe each field of a model as a parameter."""
    if not model:
        return
    schema = model.model_json_schema(ref_template=REFERENCE)
    components.update(schema.get("$defs", {}))
    for name, field in schema["properties"].items():
        yield {
            "name": name,
            "in": place,
            "required": name in schema.get("required", []),
            "schema": field,
        }


def describe_responses(operation: Operation, schemas: Schemas) -> Json:
    """Describe each status that a route may answer with."""
    responses: Json = {}
    for status, model in operation.answers.items():
        response: Json = {"description": status.phrase}
        if model:
            schema = schemas[model, "serialization"]
            response["content"] = {"application/json": {"schema": schema}}
        if status is HTTPStatus.CREATED:
            response["headers"] = {"Location": LOCATION}
        responses[str(status.value)] = response
    for status in operation.all_problems():
        responses[str(status.value)] = {
            "description": status.phrase,
            "content": {PROBLEM_JSON: {"schema": schemas[Problem, "serialization"]}},
        }
    return responses


def describe_operation(
    operation: Operation, schemas: Schemas, components: Json
) -> Json:
    """Describe what a route takes and gives."""
    description: Json = {
        "parameters": [
            *describe_parameters(operation.path, "path", components),
            *describe_parameters(operation.query, "query", components),
        ],
        "responses": describe_responses(operation, schemas),
    }
    if operation.body:
        schema = schemas[operation.body, "validation"]
        description["requestBody"] = {
            "content": {"application/json": {"schema": schema}},
            "required": True,
        }
    return description


def describe(app: Flask, title: str, version: str) -> Json:
    """Describe all documented routes of an application."""
    routes = [
        (rule, view)
        for rule in app.url_map.iter_rules()
        if (view := app.view_functions[rule.endpoint]) in _operations
    ]
    models: list[tuple[Model, JsonSchemaMode]] = [(Problem, "serialization")]
    for _, view in routes:
        models.extend(_operations[view].models())
    schemas, definitions = TypeAdapter.json_schemas(
        [(model, mode, TypeAdapter(model)) for model, mode in models],
        ref_template=REFERENCE,
    )
    components: Json = definitions["$defs"]
    paths: dict[str, Json] = {}
    for rule, view in routes:
        tag, _, name = rule.endpoint.rpartition(".")
        path = paths.setdefault(_PART.sub(r"{\1}", rule.rule), {})
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            path[method.lower()] = {
                "operationId": name,
                "summary": getdoc(view),
                "tags": [tag],
                **describe_operation(_operations[view], schemas, components),
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {"schemas": components},
    }


def init_openapi(app: Flask, title: str, version: str) -> None:
    """Serve the document of all routes that the application has by now."""
    document = json.dumps(describe(app, title, version))

    @app.get("/openapi.json")
    def read_openapi() -> Response:
        return Response(document, mimetype="application/json")
