"""A host's API as a Postman collection (format 2.1), made from its OpenAPI description.

A folder for each tag, a request for each operation with its examples as bodies and saved answers. Variables hold the
host, the token and the headers of guests.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
METHODS = ("get", "post", "put", "patch", "delete")
JSON, FORM = "application/json", "multipart/form-data"
# Headers that carry a value from call to call, with the variable that holds it; others are sent where they are wanted.
CARRIED = {
    "X-Cart-Token": "cart_token",
    "X-Order-Key": "order_key",
    "X-Application-Key": "application_key",
    "Idempotency-Key": "$guid",  # Postman's own: a new one for each call
}
SERVER_VARIABLE = re.compile(r"\{(\w+)\}")


def collection_of(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return the collection of a description."""
    server = description["servers"][0]
    names = {name: str(facts["default"]) for name, facts in server.get("variables", {}).items()}
    host = SERVER_VARIABLE.sub(lambda found: names[found[1]], server["url"])
    info = description["info"]
    variables = {"host": host, "token": "", **{name: "" for name in CARRIED.values() if not name.startswith("$")}}
    return {
        "info": {
            "_postman_id": str(uuid5(NAMESPACE_URL, f"{host}/api/v{info['version']}/")),
            "name": info["title"],
            "description": info["description"],
            "schema": FORMAT,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
        "variable": [{"key": key, "value": value, "type": "string"} for key, value in variables.items()],
        "item": [
            {
                "name": tag["name"],
                "description": tag.get("description", ""),
                "item": [_item(*found) for found in _operations(description, tag["name"])],
            }
            for tag in description["tags"]
        ],
    }


def _operations(description: Mapping[str, Any], tag: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method in METHODS:
            if method in methods and methods[method]["tags"][0] == tag:
                yield path, method, methods[method]


def _item(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": method.upper(),
        "header": [],
        "url": _url(path, operation),
        "description": operation.get("description", ""),
    }
    if not operation.get("security"):
        request["auth"] = {"type": "noauth"}
    if body := _body(operation):
        request["body"] = body
    if body and body["mode"] == "raw":
        request["header"].append({"key": "Content-Type", "value": JSON})
    request["header"] += [_header(each) for each in _parameters(operation, "header")]
    return {"name": operation["summary"], "request": request, "response": list(_answers(operation, request))}


def _url(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """Return an address; Postman writes a part that is filled in as `:name`."""
    parts = [f":{part[1:-1]}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    query = [
        {"key": each["name"], "value": "", "description": each.get("description", ""), "disabled": True}
        for each in _parameters(operation, "query")
    ]
    filled = [
        {"key": each["name"], "value": "", "description": each.get("description", "")}
        for each in _parameters(operation, "path")
    ]
    address = "/".join(["{{host}}", *parts, ""])
    found: dict[str, Any] = {"raw": address, "host": ["{{host}}"], "path": [*parts, ""]}
    return found | ({"query": query} if query else {}) | ({"variable": filled} if filled else {})


def _parameters(operation: dict[str, Any], place: str) -> list[dict[str, Any]]:
    return [each for each in operation.get("parameters", []) if each["in"] == place]


def _header(parameter: dict[str, Any]) -> dict[str, Any]:
    name = parameter["name"]
    carried = CARRIED.get(name)
    return {
        "key": name,
        "value": f"{{{{{carried}}}}}" if carried else "",
        "description": parameter.get("description", ""),
        "disabled": not parameter.get("required", False),
    }


def _body(operation: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    if FORM in content:
        fields = content[FORM]["schema"].get("properties", {})
        return {"mode": "formdata", "formdata": [_part(name, field) for name, field in fields.items()]}
    if JSON not in content:
        return None
    examples = content[JSON].get("examples", {})
    value = next(iter(examples.values()))["value"] if examples else {}
    return {"mode": "raw", "raw": _written(value), "options": {"raw": {"language": "json"}}}


def _part(name: str, field: dict[str, Any]) -> dict[str, Any]:
    if field.get("format") == "binary":
        return {"key": name, "type": "file", "src": None}
    return {"key": name, "type": "text", "value": ""}


def _answers(operation: dict[str, Any], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the examples of an operation's answers, good and bad."""
    for status, answer in operation["responses"].items():
        for name, example in answer.get("content", {}).get(JSON, {}).get("examples", {}).items():
            yield {
                "name": f"{status} {name}",
                "originalRequest": request,
                "code": int(status),
                "header": [{"key": "Content-Type", "value": JSON}],
                "body": _written(example["value"]),
                "_postman_previewlanguage": "json",
            }


def _written(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
