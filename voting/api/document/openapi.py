"""The OpenAPI document, made of the declarations that serve."""

from collections.abc import Iterable
from typing import Any

from voting.api.document.declaring import JSON, Endpoint
from voting.api.document.shapes import SHAPES
from voting.api.rules import Json
from voting.api.rules.schemas import Schema, ref

_PROBLEM = "application/problem+json"
_ETAG = {"description": "内容的标识，放进 If-None-Match 再问", "schema": {"type": "string"}}
_VARIABLES = {
    "area_id": "区域的编号",
    "round_id": "轮次的编号",
    "project_id": "项目的编号",
    "number": "公示、通告的编号，如 2026-0003",
}
_IS_ID = {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$"}


def openapi(endpoints: Iterable[Endpoint], *, title: str, about: str, base: str) -> Json:
    """Return the document as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "description": about, "version": "1"},
        "servers": [{"url": base}],
        "paths": {one.path: {"get": _operation(one)} for one in endpoints},
        "components": {"schemas": SHAPES},
    }


def _operation(one: Endpoint) -> Json:
    named = [
        _parameter(name, "path", _VARIABLES[name], _IS_ID, required=True) for name in one.variables
    ]
    asked = [_parameter(it.name, "query", it.about, it.schema) for it in one.parameters]
    return {
        "operationId": one.name,
        "summary": one.about,
        **({"parameters": named + asked} if named or asked else {}),
        "responses": _responses(one),
    }


def _responses(one: Endpoint) -> Json:
    said = {"description": "内容", "headers": {"ETag": _ETAG}, "content": _content(one)}
    answers: dict[str, Any] = {"200": said, "304": {"description": "没有变化"}}
    if one.variables or one.parameters:
        answers["404"] = _problem("没有这项内容，或者还没有公开")
    if one.parameters:
        answers["422"] = _problem("参数不对")
    return answers


def _content(one: Endpoint) -> Json:
    # A text of other kinds is described by its media type; a schema says nothing more of it.
    return {one.kind: {"schema": one.schema} if one.kind == JSON else {}}


def _problem(about: str) -> Json:
    return {"description": about, "content": {_PROBLEM: {"schema": ref("Problem")}}}


def _parameter(
    name: str, place: str, about: str, schema: Schema, *, required: bool = False
) -> Json:
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": about,
        "schema": schema,
    }
