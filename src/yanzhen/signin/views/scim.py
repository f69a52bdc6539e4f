"""What directories call (SCIM 2.0). A key in the header is the door: actions/provisioning.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.gate import strangers
from yanzhen.people.limits import within
from yanzhen.people.models import Role
from yanzhen.signin import scim
from yanzhen.signin.actions import provisioning, pushing
from yanzhen.signin.actions.outside import Outside
from yanzhen.signin.models import DirectoryGroup, ScimToken
from yanzhen.signin.scim import ScimRefused

ScimView = Callable[..., dict[str, Any] | None]
_TYPE = "application/scim+json"
_USER_NAMES = {"username": "userName", "externalid": "externalId", "id": "id"}
_GROUP_NAMES = {"displayname": "displayName", "id": "id"}


def _answer(body: dict[str, Any] | None, status: int) -> HttpResponse:
    if body is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    response: HttpResponse = JsonResponse(body, status=status, content_type=_TYPE)
    location = (body.get("meta") or {}).get("location")
    if location and status == HTTPStatus.CREATED:
        response.headers["Location"] = location
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="SCIM"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _directory(request: HttpRequest) -> Outside:
    """Return whose key the request carries. Raises ScimRefused."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    rows = ScimToken.objects.open().filter(secret_hash=provisioning.secret_hash(secret.strip()))
    token = rows.select_related("workspace").first() if scheme.lower() == "bearer" else None
    if token is None:
        if not within(request, "scim_refused"):
            raise ScimRefused(429, "Too many requests without a good key. Wait a minute.")
        raise ScimRefused(401, "The key is missing, wrong, or was replaced by a new one.")
    if not within(request, "scim", key=str(token.pk)):
        raise ScimRefused(429, "Too many requests. Wait a minute.")
    rows.update(used_at=now())
    return provisioning.directory_of(token)


def _by_key(created: bool = False) -> Callable[[ScimView], Callable[..., HttpResponse]]:
    """Let a directory with a good key in, and answer in SCIM's own words, whatever happens.

    ``created``: a POST makes something.
    """

    def around(view: ScimView) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, **parts: str) -> HttpResponse:
            good = HTTPStatus.CREATED if created and request.method == "POST" else HTTPStatus.OK
            try:
                with translation.override("en"):
                    return _answer(view(request, _directory(request), **parts), good)
            except ScimRefused as refused:
                return _answer(refused.body(), refused.status)
            except LastHolder:
                words = "This would leave the workspace without somebody who can run it."
                return _answer(ScimRefused(409, words).body(), HTTPStatus.CONFLICT)
            except ChangedMeanwhile:
                words = "Somebody changed this at the same moment. Send it again."
                return _answer(ScimRefused(409, words).body(), HTTPStatus.CONFLICT)

        return strangers(csrf_exempt(answer))

    return around


def _page(request: HttpRequest, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the page of a list that was asked for; numbers that make no sense count as unsaid."""
    start = max(parse_id(request.GET.get("startIndex", "")) or 1, 1)
    count = parse_id(request.GET.get("count", ""))
    most = scim.MOST_PAGE if count is None else min(count, scim.MOST_PAGE)
    return scim.shown_list(rows[start - 1 : start - 1 + most], len(rows), start)


def _fits(row: dict[str, Any], wanted: tuple[str, str] | None) -> bool:
    """Tell whether a resource has the value asked for; names are compared in any case."""
    if wanted is None:
        return True
    value = str(row.get(wanted[0], ""))
    exact = wanted[0] in ("id", "externalId")
    return value == wanted[1] if exact else value.casefold() == wanted[1].casefold()


@require_http_methods(["GET", "POST"])
@_by_key(created=True)
def users(request: HttpRequest, by: Outside) -> dict[str, Any] | None:
    """List the members, or make one."""
    if request.method == "POST":
        said = scim.read_user(scim.read_body(request.body, scim.USER))
        member = provisioning.provision(said, by=by, now=now())
        return scim.shown_user(member, said.external_id or "")
    wanted = scim.read_filter(request.GET.get("filter", ""), _USER_NAMES)
    rows = [scim.shown_user(m, external) for m, external in provisioning.members_known(by)]
    return _page(request, [row for row in rows if _fits(row, wanted)])


@require_http_methods(["GET", "PUT", "PATCH", "DELETE"])
@_by_key()
def user(request: HttpRequest, by: Outside, pk: str) -> dict[str, Any] | None:
    """Show, replace, patch or remove one member."""
    member, external = provisioning.known(by, pk)
    if request.method == "GET":
        return scim.shown_user(member, external)
    if request.method == "DELETE":
        provisioning.remove_member(member, by=by, now=now())
        return None
    if request.method == "PUT":
        said = scim.read_user(scim.read_body(request.body, scim.USER))
    else:
        said = scim.patched_user(scim.read_body(request.body, scim.PATCH))
    fresh = provisioning.update_member(member, said, by=by, now=now())
    return scim.shown_user(fresh, external if said.external_id is None else said.external_id)


@require_http_methods(["GET", "POST"])
@_by_key(created=True)
def groups(request: HttpRequest, by: Outside) -> dict[str, Any] | None:
    """List the roles and the directory's own groups, or make one of these."""
    if request.method == "POST":
        said = scim.read_body(request.body, scim.GROUP)
        numbers = scim.members_in(said.get("members") or [])
        made = pushing.push_group(scim.read_name(said), numbers, by=by, now=now())
        return _pushed(made)
    wanted = scim.read_filter(request.GET.get("filter", ""), _GROUP_NAMES)
    known = [member for member, _number in provisioning.members_known(by)]
    roles = Role.objects.filter(workspace_id=by.workspace_id).in_order()
    rows = [scim.shown_group(role, [m for m in known if m.has_role(role.pk)]) for role in roles]
    rows += [_pushed(group) for group in pushing.pushed(by)]
    return _page(request, [row for row in rows if _fits(row, wanted)])


def _pushed(group: DirectoryGroup) -> dict[str, Any]:
    members = sorted(group.members.all(), key=lambda member: member.pk)
    return scim.shown_pushed(group.pk, group.name, members)


@require_http_methods(["GET", "PUT", "PATCH", "DELETE"])
@_by_key()
def group(request: HttpRequest, by: Outside, pk: str) -> dict[str, Any] | None:
    """Show a role or a group with who is in it, or say who is."""
    if pk.startswith(scim.PUSHED):
        return _own_group(request, by, parse_id(pk.removeprefix(scim.PUSHED)) or 0)
    rows = Role.objects.filter(workspace_id=by.workspace_id).in_order()
    role = rows.filter(pk=parse_id(pk) or 0).first()
    if role is None:
        raise ScimRefused(404, "There is no such group.")
    if request.method == "DELETE":
        raise ScimRefused(403, "Roles are removed in the workspace.")
    if request.method != "GET":
        provisioning.change_holders(role, _said(request)[1], by=by, now=now())
    return scim.shown_group(role, provisioning.holders(by, role))


def _said(request: HttpRequest) -> tuple[str, list[tuple[str, list[str]]]]:
    """Return what a PUT or PATCH says of a group: its name, "" for none, and who is in it."""
    if request.method == "PUT":
        said = scim.read_body(request.body, scim.GROUP)
        return scim.read_name(said), [("replace", scim.members_in(said.get("members") or []))]
    said = scim.read_body(request.body, scim.PATCH)
    return scim.name_in_patch(said), scim.members_of_patch(said)


def _own_group(request: HttpRequest, by: Outside, pk: int) -> dict[str, Any] | None:
    found = pushing.pushed_one(by, pk)
    if request.method == "DELETE":
        pushing.drop_group(found, by=by, now=now())
        return None
    if request.method != "GET":
        name, operations = _said(request)
        found = pushing.change_group(found, operations, name=name, by=by, now=now())
    return _pushed(found)


@require_GET
@_by_key()
def config(request: HttpRequest, by: Outside) -> dict[str, Any] | None:
    """Say what this service can do."""
    return scim.service_config()
