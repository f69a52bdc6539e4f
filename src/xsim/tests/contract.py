"""Every call of these tests held against X's own description of its API.

The description is not ours to ship: name a copy of openapi.json in ``X_OPENAPI``, and every client
of these tests is watched. A request that was accepted must be one that X describes, and every
answer one that X may give.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

VARIABLE = "X_OPENAPI"
HOME = "urn:x"
# Names of the older dialect, which X answers although its newest description leaves them out.
OLDER = frozenset({"tweet.fields", "expansions"})


class Broken(AssertionError):
    """A call is not as described."""


class Spec:
    """An OpenAPI 3.0 description, as far as checking JSON calls needs it."""

    def __init__(self, document):
        self.document = _without_nullable(document)
        self.registry = Registry().with_resource(
            HOME, Resource(contents=self.document, specification=DRAFT4)
        )

    def check(self, *, method, url, request_body, request_type, status, body, content_type):
        """Raise Broken when a call is not described so; a ``body`` of None is not looked at."""
        parts = urlsplit(url)
        found = self._operation(method, parts.path)
        if found is None:
            if status < 400:
                raise Broken(f"{method} {parts.path} is answered but not described")
            return
        place, operation = found
        if status < 400:
            self._check_query(place, operation, dict(parse_qsl(parts.query)))
            if "json" in request_type:
                self._check_sent(place, operation, request_body)
        self._check_answer(place, operation, status, body, content_type)

    def _operation(self, method, path):
        given = path.split("/")
        fitting = []
        for template, item in self.document["paths"].items():
            wanted = template.split("/")
            same = len(wanted) == len(given) and all(
                part == value or part.startswith("{")
                for part, value in zip(wanted, given, strict=True)
            )
            if same and method.lower() in item:
                fixed = sum(not part.startswith("{") for part in wanted)
                shared = item.get("parameters", [])
                operation = item[method.lower()]
                merged = {**operation, "parameters": [*shared, *operation.get("parameters", [])]}
                fitting.append((fixed, f"{method} {template}", merged))
        return max(fitting)[1:] if fitting else None

    def _resolved(self, part):
        while "$ref" in part:
            part = self.registry.resolver(HOME).lookup(part["$ref"]).contents
        return part

    def _check_query(self, place, operation, query):
        parameters = [self._resolved(one) for one in operation["parameters"]]
        named = {one["name"]: one for one in parameters if one["in"] == "query"}
        for name, one in named.items():
            if one.get("required") and name not in query:
                raise Broken(f"{place}: query parameter {name} is missing")
        for name in query.keys() - OLDER:
            if name not in named:
                raise Broken(f"{place}: query parameter {name} is not described")
            schema = self._resolved(named[name].get("schema", {}))
            self._hold(_read(query[name], schema), schema, f"{place}: query parameter {name}")

    def _check_sent(self, place, operation, sent):
        described = self._resolved(operation.get("requestBody", {}))
        media = described.get("content", {}).get("application/json")
        if media is None:
            raise Broken(f"{place}: a JSON body is not described")
        self._hold(json.loads(sent or b"{}"), media.get("schema", {}), f"{place}: request")

    def _check_answer(self, place, operation, status, body, content_type):
        responses = operation["responses"]
        described = responses.get(str(status))
        if described is None and status >= 400:
            described = responses.get("default")
        if described is None:
            raise Broken(f"{place}: status {status} is not described")
        content = self._resolved(described).get("content", {})
        if body is None or not content:
            return
        kinds = {name.split(";")[0] for name in content}
        if content_type.split(";")[0] not in kinds:
            raise Broken(f"{place}: {content_type} is not described for {status}")
        value = json.loads(body)
        wrong = []
        # X describes errors twice, as a problem and as an older form; either will do.
        for media in content.values():
            try:
                self._hold(value, media.get("schema", {}), f"{place}: answer {status}")
            except Broken as error:
                wrong.append(error)
            else:
                return
        raise wrong[0]

    def _hold(self, value, schema, place):
        validator = Draft4Validator(
            self._at_home(schema), registry=self.registry, format_checker=FormatChecker()
        )
        error = next(iter(validator.iter_errors(value)), None)
        if error is not None:
            where = "/".join(str(one) for one in error.absolute_path)
            raise Broken(f"{place}: {where or 'the whole'}: {error.message[:300]}")

    def _at_home(self, schema):
        """Let references of a schema that stands alone still point into the description."""
        if isinstance(schema, dict):
            return {
                name: f"{HOME}{value}"
                if name == "$ref" and str(value).startswith("#")
                else self._at_home(value)
                for name, value in schema.items()
            }
        return [self._at_home(one) for one in schema] if isinstance(schema, list) else schema


def _without_nullable(part):
    """Turn ``nullable``, which JSON Schema does not know, into a choice."""
    if isinstance(part, list):
        return [_without_nullable(one) for one in part]
    if not isinstance(part, dict):
        return part
    changed = {name: _without_nullable(value) for name, value in part.items()}
    if changed.pop("nullable", False) is True:
        return {"anyOf": [changed, {"type": "null"}]}
    return changed


def _read(text, schema):
    """Read a query parameter as its schema types it."""
    kind = schema.get("type")
    if kind == "array":
        return [_read(one, schema.get("items", {})) for one in text.split(",")]
    if kind == "integer" and text.lstrip("-").isdigit():
        return int(text)
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


@lru_cache(maxsize=1)
def wanted_spec():
    """Load the description that the environment names; None when it names none."""
    path = os.environ.get(VARIABLE)
    return Spec(json.loads(Path(path).read_text(encoding="utf-8"))) if path else None


def _is_watched(url):
    path = urlsplit(url).path
    return path.startswith("/2/") and not path.startswith("/2/oauth2/")


def _is_stream(url):
    return urlsplit(url).path.endswith("/stream")


def check_httpx(response):
    """Check one call of an httpx client."""
    spec, request = wanted_spec(), response.request
    url = str(request.url)
    if spec is None or not _is_watched(url):
        return
    streamed = _is_stream(url) and response.status_code == 200
    kind = request.headers.get("content-type", "")
    spec.check(
        method=request.method,
        url=url,
        request_body=request.content if "json" in kind else None,
        request_type=kind,
        status=response.status_code,
        body=None if streamed else response.read(),
        content_type=response.headers.get("content-type", ""),
    )


def watch_session(session):
    """Check every call of a requests session."""

    def hook(response, *args, **more):
        spec = wanted_spec()
        if spec is None or not _is_watched(response.url):
            return
        streamed = _is_stream(response.url) and response.status_code == 200
        spec.check(
            method=response.request.method,
            url=response.url,
            request_body=response.request.body,
            request_type=response.request.headers.get("content-type", ""),
            status=response.status_code,
            body=None if streamed else response.content,
            content_type=response.headers.get("content-type", ""),
        )

    session.hooks["response"].append(hook)
