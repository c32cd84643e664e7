"""`/openapi.json`: made from the table of paths and from the records themselves."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Final

import msgspec

from collector.api.answers import JSON
from collector.api.page_routes import PAGE_ROUTES
from collector.api.routes import ROUTES, Route
from collector.core.refusals import RULES
from wire.receipts import Refusal
from wire.records import Measurement, StationReport

_REF: Final = "#/components/schemas/{name}"
_IN_PATH: Final = re.compile(r"\{(\w+)\}")
_OTHERS: Final = {
    304: "It is still what you have.",
    404: "There is no such file.",
    503: "Nothing can be kept now.",
}


def document(version: str) -> dict[str, Any]:
    """The whole description, OpenAPI 3.1."""
    routes = (*ROUTES, *PAGE_ROUTES)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dabyl collector",
            "version": version,
            "description": "Signed batches in; reachability, polling stations and evidence out.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": dict(paths),
        "components": {"schemas": _schemas(routes)},
    }


def _schemas(routes: tuple[Route, ...]) -> dict[str, Any]:
    used = [kind for route in routes for kind in (route.record, route.takes_record) if kind is not None]
    kinds = dict.fromkeys([*used, Refusal, Measurement, StationReport])
    _, schemas = msgspec.json.schema_components(tuple(kinds), ref_template=_REF)
    return schemas


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "responses": _responses(route),
    }
    if route.takes:
        operation["requestBody"] = {"required": True, "content": {route.takes: _taken(route)}}
    if parameters := [*_path_parameters(route), *_query_parameters(route)]:
        operation["parameters"] = parameters
    return operation


def _taken(route: Route) -> dict[str, Any]:
    return {} if route.takes_record is None else {"schema": _reference(route.takes_record)}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _IN_PATH.findall(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": {"type": "string"}} for name in route.query]


def _responses(route: Route) -> dict[str, Any]:
    content = {} if route.record is None else {"schema": _reference(route.record)}
    found: dict[str, Any] = {"200": {"description": "As asked.", "content": {route.media: content}}}
    for status in route.other_statuses:
        found[str(status)] = {"description": _OTHERS[status]}
    reasons: dict[int, list[str]] = defaultdict(list)
    for reason in route.refusals:
        reasons[RULES[reason].status].append(f"`{reason}`: {RULES[reason].meaning}")
    for status, texts in sorted(reasons.items()):
        refusal = {JSON: {"schema": _reference(Refusal)}}
        found[str(status)] = {"description": "; ".join(texts) + ".", "content": refusal}
    return found


def _reference(kind: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}
