"""The check against X's description, itself checked with a description of our own."""

from __future__ import annotations

import copy
import json

import pytest

from xsim.tests import contract, plain
from xsim.tests.contract import Broken, Spec
from xsim.tests.test_posts import post

# What one endpoint and a half might look like; made up for this test.
SMALL = {
    "openapi": "3.0.0",
    "paths": {
        "/2/tweets": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Wish"}}
                    }
                },
                "responses": {
                    "201": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Made"}}
                        }
                    },
                    "default": {
                        "content": {
                            "application/json": {
                                "schema": {"type": "object", "required": ["errors"]}
                            },
                            "application/problem+json": {
                                "schema": {"type": "object", "required": ["title", "type"]}
                            },
                        }
                    },
                },
            }
        },
        "/2/tweets/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Size"}],
            "get": {
                "parameters": [
                    {
                        "name": "kinds",
                        "in": "query",
                        "required": True,
                        "schema": {
                            "type": "array",
                            "items": {"type": "string", "enum": ["a", "b"]},
                        },
                    }
                ],
                "responses": {"200": {"content": {"application/json": {"schema": {}}}}},
            },
        },
    },
    "components": {
        "parameters": {
            "Size": {"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 9}}
        },
        "schemas": {
            "Wish": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "note": {"type": "string", "nullable": True},
                },
                "additionalProperties": False,
            },
            "Id": {"type": "string", "pattern": "^[0-9]{1,19}$"},
            "Made": {
                "type": "object",
                "required": ["data"],
                "properties": {
                    "data": {
                        "type": "object",
                        "required": ["id"],
                        "properties": {"id": {"$ref": "#/components/schemas/Id"}},
                    }
                },
            },
        },
    },
}
GOOD = {
    "method": "POST",
    "url": "http://x/2/tweets",
    "request_body": b'{"text": "Hi", "note": null}',
    "request_type": "application/json",
    "status": 201,
    "body": b'{"data": {"id": "12"}}',
    "content_type": "application/json; charset=utf-8",
}
READ = GOOD | {
    "method": "GET",
    "url": "http://x/2/tweets/5?kinds=a,b&size=3&tweet.fields=x",
    "request_type": "",
    "status": 200,
    "body": b"{}",
}


@pytest.fixture
def small():
    return Spec(copy.deepcopy(SMALL))


@pytest.mark.parametrize(
    "call",
    [
        GOOD,
        READ,
        GOOD | {"status": 403, "body": b'{"title": "Forbidden", "type": "about:blank"}'},
        GOOD | {"status": 400, "body": b'{"errors": []}', "request_body": b'{"odd": 1}'},
        GOOD | {"url": "http://x/2/unknown", "status": 404},
        GOOD | {"body": None},
    ],
)
def test_described_calls_pass(small, call):
    small.check(**call)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"url": "http://x/2/unknown"}, "answered but not described"),
        ({"request_body": b'{"text": 5}'}, "request: text"),
        ({"request_body": b'{"odd": 1}'}, "request: the whole"),
        ({"request_body": b'{"text": null}'}, "request: text"),
        ({"status": 200}, "status 200 is not described"),
        ({"body": b"{}"}, "answer 201: the whole: 'data' is a required property"),
        ({"body": b'{"data": {"id": "x"}}'}, "answer 201: data/id"),
        ({"content_type": "text/html"}, "text/html is not described"),
        ({"status": 403, "body": b'{"detail": "no"}'}, "answer 403"),
    ],
)
def test_calls_that_are_not_described_are_told(small, change, why):
    with pytest.raises(Broken, match=why):
        small.check(**(GOOD | change))


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("size=3", "kinds is missing"),
        ("kinds=a,c", "kinds: 1: 'c' is not one of"),
        ("kinds=a&size=10", "size: the whole: 10 is greater"),
        ("kinds=a&size=x", "size: the whole: 'x' is not of type"),
        ("kinds=a&colour=red", "colour is not described"),
    ],
)
def test_queries_that_are_not_described_are_told(small, query, why):
    with pytest.raises(Broken, match=why):
        small.check(**(READ | {"url": f"http://x/2/tweets/5?{query}"}))


def test_clients_are_watched_when_a_description_is_named(ferrow, monkeypatch, tmp_path):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(SMALL))
    monkeypatch.setenv(contract.VARIABLE, str(path))
    contract.wanted_spec.cache_clear()
    try:
        assert post(ferrow, "As described").status_code == 201
        assert post(ferrow, "As described").status_code == 403
        with pytest.raises(Broken, match="made_with_ai"):
            post(ferrow, "Not described", made_with_ai=True)
        with pytest.raises(Broken, match="answered but not described"):
            ferrow.get("/2/users/me")
        assert plain.get(f"{ferrow.base_url}/_sim/posts").status_code == 200
    finally:
        monkeypatch.undo()
        contract.wanted_spec.cache_clear()


def test_all_calls_of_these_tests_are_as_x_describes_them():
    spec = contract.wanted_spec()
    if spec is None:
        pytest.skip(
            f"X's description is not ours to ship: name a copy of it in {contract.VARIABLE}"
        )
    # The clients of all other tests are watched now; this one says that there is what to watch.
    assert "/2/tweets" in spec.document["paths"]
