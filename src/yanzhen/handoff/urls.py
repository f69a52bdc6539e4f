"""Addresses of handoffs."""

from __future__ import annotations

from django.urls import path

from yanzhen.handoff.views import attaching, deciding, exporting, forming, items, listing, one

_VIDEO = "handoffs/video/"

urlpatterns = [
    path("handoffs/", listing.handoffs, name="handoffs"),
    path("handoffs/take/", deciding.take, name="lead-take"),
    path("handoffs/form/", forming.form, name="handoff-form"),
    path(_VIDEO, attaching.video, name="handoff-video"),
    path("handoffs/<int:pk>/", one.handoff, name="handoff"),
    path("handoffs/<int:pk>/words/", one.words, name="handoff-words"),
    path("handoffs/<int:pk>/send/", deciding.send, name="handoff-send"),
    path("handoffs/<int:pk>/withdraw/", deciding.withdraw, name="handoff-withdraw"),
    path("handoffs/<int:pk>/accept/", deciding.accept, name="handoff-accept"),
    path("handoffs/<int:pk>/refuse/", deciding.refuse, name="handoff-refuse"),
    path("handoffs/<int:pk>/items/", items.item_add, name="handoff-item-add"),
    path("handoffs/<int:pk>/nothing/", items.nothing, name="handoff-nothing"),
    path("handoffs/items/<int:pk>/", items.item, name="handoff-item"),
    path("handoffs/items/<int:pk>/done/", items.done, name="handoff-item-done"),
    path("handoffs/items/<int:pk>/give/", items.give, name="handoff-item-give"),
    path("handoffs/<int:pk>/links/", attaching.link, name="handoff-link"),
    path("handoffs/attached/<int:pk>/", attaching.attachment, name="handoff-attachment"),
    path("handoffs/attached/<int:pk>/captions/", attaching.captions, name="handoff-captions"),
    path("handoffs/<int:pk>/text/", exporting.text, name="handoff-text"),
]


def carries_recording(address: str) -> bool:
    """Tell whether a request for that path may take as long as a recording takes."""
    return address == f"/{_VIDEO}"
