"""Corrections of a finished description: drf-spectacular derives a schema from a field, not from where it is used."""

import re
from collections.abc import Iterator
from typing import Any

from yaml import CSafeDumper, SafeDumper

from kit.text.patterns import or_empty

REFERENCE = "#/components/schemas/"
VALIDATORS = {"If-Match", "If-None-Match"}
METHODS = ("get", "post", "put", "patch", "delete")
# Digits that YAML 1.1 reads as text and YAML 1.2 as a number, such as the code 058, are written in quotes.
NUMBER = re.compile(r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+)$")

for _dumper in (SafeDumper, CSafeDumper):
    _dumper.add_implicit_resolver("tag:yaml.org,2002:float", NUMBER, list("-+.0123456789"))


def object_of(*names: str, help_text: str) -> dict[str, Any]:
    """Return the schema of an object with texts by name, any of which may be missing."""
    texts = {name: {"type": "string"} for name in names}
    return {"type": "object", "properties": texts, "additionalProperties": False, "description": help_text}


def operations_of(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the operations of a description."""
    for path in description["paths"].values():
        yield from (path[method] for method in METHODS if method in path)


def require_answered_fields(description: dict[str, Any]) -> None:
    """Mark every field of an answer as required, since serializers leave none out."""
    schemas = description["components"]["schemas"]
    answered = _reached([operation["responses"] for operation in operations_of(description)], schemas)
    sent = _reached([operation.get("requestBody", {}) for operation in operations_of(description)], schemas)
    for name in answered - sent:
        if properties := schemas[name].get("properties"):
            schemas[name]["required"] = list(properties)
            for each in properties.values():
                each.pop("default", None)


def describe_body_defaults(description: dict[str, Any]) -> None:
    """Move the defaults of bodies' fields into their words: generated clients would demand a field with a default."""
    for name, schema in description["components"]["schemas"].items():
        if not name.endswith("Request"):
            continue
        for each in schema.get("properties", {}).values():
            value = each.pop("default", None)
            if value not in {None, ""}:
                each["description"] = f"{each.get('description', '')} Left out: {str(value).lower()}.".strip()


def close_bodies(description: dict[str, Any]) -> None:
    """Close every object that is sent: other fields than its own are refused (`kit.api.input`)."""
    for name, schema in description["components"]["schemas"].items():
        if name.endswith("Request") and "properties" in schema:
            schema.setdefault("additionalProperties", False)


def allow_empty_parameters(description: dict[str, Any]) -> None:
    """Allow empty parameters in addresses: they count as left out, unless the parameter is required."""
    for operation in operations_of(description):
        for each in operation.get("parameters", []):
            if each["in"] == "query" and not each.get("required"):
                each["allowEmptyValue"] = True
                each["schema"].pop("minLength", None)
                if "pattern" in each["schema"]:
                    each["schema"]["pattern"] = or_empty(each["schema"]["pattern"])


def name_versions(description: dict[str, Any]) -> None:
    """Add the header `ETag` to every answer whose data can be changed with `If-Match`."""
    revisable = [operation for operation in operations_of(description) if "If-Match" in _parameters(operation)]
    versioned = [data for operation in revisable if (data := _answered(operation))]
    for operation in operations_of(description):
        if not VALIDATORS & _parameters(operation) and _answered(operation) not in versioned:
            continue
        for status in {"200", "201", "304"} & operation["responses"].keys():
            headers = operation["responses"][status].setdefault("headers", {})
            headers["ETag"] = {"$ref": "#/components/headers/ETag"}


def _answered(operation: dict[str, Any]) -> Any:
    """Return the schema of the data that an operation answers with."""
    done: dict[str, Any] = next(
        (found for status, found in operation["responses"].items() if status in {"200", "201"}), {}
    )
    schema = done.get("content", {}).get("application/json", {}).get("schema", {})
    return schema.get("properties", {}).get("data")


def _parameters(operation: dict[str, Any]) -> set[str]:
    return {each["name"] for each in operation.get("parameters", [])}


def drop_empty_defaults(part: Any) -> None:
    """Drop defaults of nothing: they are no values that a caller may send, and stand for leaving the field out."""
    if isinstance(part, dict):
        if part.get("default", 0) in ("", None, []) and part.keys() & {"type", "oneOf", "enum", "$ref", "allOf"}:
            del part["default"]
        for each in part.values():
            drop_empty_defaults(each)
    elif isinstance(part, list):
        for each in part:
            drop_empty_defaults(each)


def _reached(parts: Any, schemas: dict[str, Any]) -> set[str]:
    """Return the names of the schemas that parts of the description refer to, directly or through others."""
    found: set[str] = set()
    waiting = [parts]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in found and name in schemas:
                found.add(name)
                waiting.append(schemas[name])
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        target = part.get("$ref")
        if isinstance(target, str) and target.startswith(REFERENCE):
            yield target.removeprefix(REFERENCE)
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _references(each)
