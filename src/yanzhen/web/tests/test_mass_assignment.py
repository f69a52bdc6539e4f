"""Fields nobody offered: a form sent every column of every table does what it did without."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db.models import AutoField, Field, Max, Model
from django.urls import reverse

from yanzhen.channels.models import Connecting
from yanzhen.web.tests import policy
from yanzhen.web.tests.house import CHIEF, STRANGER, Street, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bare_frame")]

#: What decides who may do what, and what goes out.
GUARDED = (
    *("state", "state_version", "levels_done", "workspace_id", "digest", "active", "granted"),
    *("is_active", "email", "author_id", "account_id", "version_id", "primary_role_id", "role_id"),
    *("member_id", "text", "texts", "origin", "remote_id", "frozen", "epoch", "quorum", "kind"),
    *("number", "slug", "lead_id", "user_id", "left_at", "handle", "connected_by_id", "slug"),
    *("giver_id", "receiver_id", "taker_id", "made_by_id", "rota_id", "layer_id", "site_id"),
    *("decisions", "counts_as_id", "second_factor", "retired_at", "ended_at", "revoked_at"),
)
_TASK = ("assignee", "date", "fold", "labels", "notes", "repeat_every", "repeat_step", "time")
_SLOT = ("fold", "format", "minutes", "note", "owner")
_IDEA = (
    *("accounts", "audience", "campaign", "deadline_date", "goal", "links", "message", "note"),
    "owner",
)
#: Fields that a form has and the policy's example leaves out.
OFFERED = {
    "accounts-app": ("account",),
    "accounts-connect": ("account",),
    "accounts-start": ("account",),
    "decision-settle": ("alone",),
    "delegations": ("starts_at",),
    "duty-layer": ("last_date", "holidays_of"),
    "duty-layer-new": ("last_date", "holidays_of"),
    "duty-leave": ("member",),
    "duty-leave-import": ("member",),
    "duty-settings": ("role",),
    "duty-swap-new": ("asked",),
    "handoff-item": ("due_at", "owner"),
    "handoff-item-add": ("due_at", "owner"),
    "idea-new": _IDEA,
    "idea-edit": _IDEA,
    "ending": ("account",),
    "ending-new": ("account",),
    "library-folder": ("parent",),
    "library-folders": ("parent",),
    "link-rule": ("account",),
    "link-rule-new": ("account",),
    "calendar-links": ("account", "shows", "titled"),
    "media-details": ("folder", "licence", "release", "tags"),
    "text": ("pair", "tags"),
    "text-new": ("pair", "tags"),
    "post-new": ("campaign", "date", "fold", "time", "title"),
    "plan-export": ("account", "author", "campaign"),
    "plan-import": ("account", "order"),
    "post-embargo": ("at", "fold"),
    "post-here": ("leaves",),
    "post-time": ("at", "fold"),
    "posts-bulk": ("days", "hours"),
    "posts-views": ("page", "shared"),
    "discussion-new": ("quote",),
    "failure-time": ("at", "fold", "zone"),
    "missed-time": ("at", "fold", "zone"),
    "guest-decide": ("reason", "comment"),
    "review-decide": ("reason", "comment"),
    "outlet": ("active", "topics"),
    "outlet-new": ("active", "topics"),
    "telling": ("digest_at",),
    "review-guests": ("step",),
    "review-fast-settings": ("active", "parallel"),
    "review-way": ("lead", "reason"),
    "sign-in-rules": ("roles",),
    "start-theme": ("note",),
    "start-way": ("lead", "reason"),
    "role-new": ("accounts", "counts_as"),
    "version-save": ("text", "revision"),
    "slot": _SLOT,
    "slot-move": ("minutes",),
    "slot-new": _SLOT,
    "slots-copy": ("posts",),
    "team-day-add": ("yearly",),
    "task-new": (*_TASK, "column", "comment", "post", "verdict"),
    "task-edit": _TASK,
    "task-link": ("when_submitted", "when_passed", "when_published"),
}
#: What only the author of the thing itself may send.
AUTHORS_OWN = frozenset(
    {
        "calendar-link-revoke",
        "browser-remove",
        "comment-remove",
        "comment-restore",
        "duty-link-revoke",
        "duty-swap-decline",
        "duty-swap-new",
        "duty-swap-take",
        "posts-undo",
        "review-submit",
        "review-withdraw",
        "session-end",
    }
)
POSTS = sorted(
    name
    for name, page in policy.TABLE.items()
    if page.post.answer not in (401, 404, 405, 409, 410, 422)
)


def newest() -> dict[type[Model], int]:
    """Return the highest number in each table with numbered rows."""
    numbered = (model for model in apps.get_models() if isinstance(model._meta.pk, AutoField))
    return {m: m._base_manager.aggregate(top=Max("pk"))["top"] or 0 for m in numbered}


def guarded(before: dict[type[Model], int]) -> dict[str, list[tuple[str, ...]]]:
    """Return every guarded value of every table of ours, without the numbers of the rows.

    A link to a row made since ``before`` reads "new": PostgreSQL numbers go on after a roll-back.
    A connection under way is known by a random word, so its table is left out.
    """

    def said(field: Field, value: object) -> str:
        top = before.get(field.related_model) if field.is_relation else None
        return "new" if top is not None and isinstance(value, int) and value > top else str(value)

    found = {}
    for model in apps.get_models():
        fields = [f for f in model._meta.concrete_fields if f.attname in GUARDED]
        if fields and model.__module__.startswith("yanzhen.") and model is not Connecting:
            rows = model._base_manager.values_list(*(f.attname for f in fields))
            found[model._meta.label] = sorted(tuple(map(said, fields, row)) for row in rows)
    return found


def every_column(street: Street) -> dict[str, Any]:
    """Return a value for every column of every table of ours, as somebody would guess them."""
    other = street.other
    names = {
        name
        for model in apps.get_models()
        if model.__module__.startswith("yanzhen.")
        for field in model._meta.get_fields()
        for name in (field.name, getattr(field, "attname", field.name))
    }
    said: dict[str, Any] = dict.fromkeys(names, "1")
    said |= dict.fromkeys(("workspace", "workspace_id"), str(other.workspace.pk))
    said |= dict.fromkeys(("author", "author_id", "by"), str(street.ferrow.people[CHIEF].pk))
    said |= {"state": "published", "levels_done": "3", "digest": "0" * 64, "active": "on"}
    said |= {"granted": '["member.roles"]', "is_active": "on", "is_superuser": "on"}
    said |= {"is_staff": "on", "frozen": "on", "origin": "x.com", "email": "mine@example.com"}
    return said


def after(street: Street, name: str, more: dict[str, Any]) -> tuple[int, Any]:
    """Send the policy's form and ``more``; return the answer and what is guarded then."""
    page = policy.TABLE[name]
    with undone():
        sends = page.post.sends(street.ferrow)
        actor = STRANGER if isinstance(page.post.stranger, int) else CHIEF
        if name in AUTHORS_OWN:
            actor = policy.CREATOR
        address = reverse(name, args=page.args(street.ferrow))
        client = street.clients[actor]
        kept = client.cookies.copy()
        before = newest()
        answer = client.post(address, {**more, **sends})
        found = guarded(before)
    client.cookies = kept
    return answer.status_code, found


@pytest.mark.parametrize("name", POSTS)
def test_columns_nobody_offered_change_nothing(street: Street, name: str):
    more = every_column(street)
    for field in OFFERED.get(name, ()):
        more.pop(field, None)
    status, plain = after(street, name, {})
    assert status in (200, 204, 302, 303)
    assert after(street, name, more) == (status, plain)


def test_guarded_values_are_really_looked_at(street: Street):
    top = newest()
    before = guarded(top)
    assert {"planning.Post", "review.Round", "people.Role", "publishing.Delivery"} <= set(before)
    with undone():
        type(street.ferrow.posts["draft"]).objects.update(levels_done=3)
        assert guarded(top) != before
