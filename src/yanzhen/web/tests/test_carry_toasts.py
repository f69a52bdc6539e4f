"""Messages of htmx answers travel in HX-Trigger; those of pages stay for the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from yanzhen.web.toasts import ToastMiddleware


def answer(said: str, *, headers: dict[str, str], given: dict[str, str]) -> HttpResponse:
    request: Any = RequestFactory().get("/", headers=headers)
    request._messages = CookieStorage(request)

    def view(request: HttpRequest) -> HttpResponse:
        messages.success(request, said, extra_tags="undo:/posts/7/undo/")
        return HttpResponse("row", headers=given)

    return ToastMiddleware(view)(request)


@pytest.mark.parametrize(
    ("given", "others"),
    [
        ({}, {}),
        ({"HX-Trigger": "saved, moved"}, {"saved": None, "moved": None}),
        ({"HX-Trigger": '{"saved": 3}'}, {"saved": 3}),
    ],
)
def test_carry_toasts_of_a_piece_keeps_what_the_view_triggered(
    given: dict[str, str], others: dict[str, Any]
) -> None:
    response = answer("已排期", headers={"HX-Request": "true"}, given=given)
    assert response.headers["HX-Trigger"].isascii()
    assert json.loads(response.headers["HX-Trigger"]) == {
        **others,
        "toast": [{"text": "已排期", "level": "success", "undo": "/posts/7/undo/"}],
    }


@pytest.mark.parametrize(
    ("headers", "given"),
    [
        ({}, {}),
        ({"HX-Request": "true", "HX-Boosted": "true"}, {}),
        ({"HX-Request": "true"}, {"HX-Redirect": "/"}),
    ],
)
def test_carry_toasts_of_a_page_leaves_them_to_the_page(
    headers: dict[str, str], given: dict[str, str]
) -> None:
    assert "HX-Trigger" not in answer("Moved", headers=headers, given=given).headers
