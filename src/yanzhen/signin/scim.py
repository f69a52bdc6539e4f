"""SCIM 2.0 (RFC 7643, 7644): what a directory says and is told, as plain values.

A user is a member of one workspace. A group is one of its roles, or a group of the directory's own,
which roles are mapped to. Roles are made here, not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.people.mail import address_of
from yanzhen.people.models import Member, Role

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
MOST_PAGE = 200
#: What the number of a group that the directory made begins with; those of roles do not.
PUSHED = "g"
_FILTER = re.compile(r'^\s*([A-Za-z.]+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$', re.IGNORECASE)
_MEMBER_PATH = re.compile(r'^members\[\s*value\s+eq\s+"([^"]+)"\s*\]$', re.IGNORECASE)


class ScimRefused(Exception):
    """A no in SCIM's own words: HTTP status, ``scimType`` ("" for none) and what to change."""

    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail

    def body(self) -> dict[str, Any]:
        """Return the error as RFC 7644 section 3.12 has it."""
        said = {"schemas": [ERROR], "status": str(self.status), "detail": self.detail}
        return {**said, "scimType": self.kind} if self.kind else said


@dataclass(frozen=True)
class Said:
    """What a directory says of a person; None where it says nothing. ``email`` is in lower case."""

    email: str | None = None
    name: str | None = None
    active: bool | None = None
    external_id: str | None = None


def read_body(raw: bytes, schema: str) -> dict[str, Any]:
    """Return a request's JSON object, which must name ``schema``. Raises ScimRefused."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        raise ScimRefused(400, "The body is not JSON.", "invalidSyntax") from None
    if not isinstance(said, dict):
        raise ScimRefused(400, "The body must be a JSON object.", "invalidSyntax")
    schemas = said.get("schemas")
    if not isinstance(schemas, list) or schema not in schemas:
        raise ScimRefused(400, f"schemas must name {schema}.", "invalidSyntax")
    return said


def read_user(said: Mapping[str, Any]) -> Said:
    """Return what a user resource says. Raises ScimRefused where a value is of the wrong kind."""
    name = said.get("name")
    formatted = name.get("formatted") if isinstance(name, dict) else None
    if formatted is None and isinstance(name, dict):
        parts = [str(name[part]) for part in ("givenName", "familyName") if name.get(part)]
        formatted = " ".join(parts) or None
    return Said(
        email=_email(said),
        name=_text(said.get("displayName"), "displayName") or _text(formatted, "name.formatted"),
        active=_flag(said["active"]) if "active" in said else None,
        external_id=_text(said.get("externalId"), "externalId"),
    )


def _text(value: Any, name: str, longest: int = 255) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > longest:
        raise ScimRefused(400, f"{name} must be a text of at most {longest}.", "invalidValue")
    try:
        return " ".join(clean_text(value).split())
    except TextRefused as refused:
        raise ScimRefused(400, f"{name}: {refused}", "invalidValue") from None


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    # Some directories send their booleans as words.
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ScimRefused(400, "active must be true or false.", "invalidValue")


def _email(said: Mapping[str, Any]) -> str | None:
    """Return the address somebody signs in with: the user name, or the first of their addresses."""
    name = _text(said.get("userName"), "userName", 254)
    if name and "@" in name:
        return _address(name)
    emails = said.get("emails")
    rows = [each for each in emails if isinstance(each, dict)] if isinstance(emails, list) else []
    rows.sort(key=lambda each: not each.get("primary"))
    found = _text(rows[0].get("value"), "emails.value", 254) if rows else None
    if name and not found:
        raise ScimRefused(400, "userName must be an email address.", "invalidValue")
    return _address(found) if found else None


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ScimRefused(400, "userName must be an email address.", "invalidValue") from None
    return text.lower()


def read_operations(said: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Return a patch as (op, path, value), op in lower case, path "" for none.

    Raises ScimRefused.
    """
    rows = said.get("Operations")
    if not isinstance(rows, list) or not rows:
        raise ScimRefused(400, "Operations must be a list.", "invalidSyntax")
    found = []
    for row in rows:
        op = str(row.get("op", "")).lower() if isinstance(row, dict) else ""
        if op not in ("add", "replace", "remove"):
            raise ScimRefused(400, "op must be add, replace or remove.", "invalidSyntax")
        found.append((op, str(row.get("path") or ""), row.get("value")))
    return found


def patched_user(said: Mapping[str, Any]) -> Said:
    """Return what a patch of a user comes to. Raises ScimRefused."""
    resource: dict[str, Any] = {}
    for op, path, value in read_operations(said):
        if op == "remove":
            raise ScimRefused(400, "What a member has cannot be removed.", "mutability")
        if not path:
            if not isinstance(value, dict):
                raise ScimRefused(400, "value must be an object without a path.", "invalidSyntax")
            resource |= value
        elif path.lower().startswith("name."):
            name = resource.get("name")
            resource["name"] = {**(name if isinstance(name, dict) else {}), path[5:]: value}
        elif path.lower().startswith("emails["):
            resource["emails"] = [{"value": value, "primary": True}]
        else:
            known = {"username": "userName", "displayname": "displayName"}
            known |= {"externalid": "externalId"}
            resource[known.get(path.lower(), path.lower())] = value
    return read_user(resource)


def members_of_patch(said: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return a patch of a group as (op, numbers of members). Raises ScimRefused."""
    found = []
    for op, path, value in read_operations(said):
        one = _MEMBER_PATH.match(path)
        if one and op == "remove":
            found.append((op, [one[1]]))
            continue
        if not path and isinstance(value, dict):
            if "members" not in value:
                continue  # a new name or number of the directory's own, which a role does not take
            value = value["members"]  # noqa: PLW2901 -- the same list, one level in
        elif path.lower() in ("displayname", "externalid"):
            continue
        elif path.lower() != "members":
            raise ScimRefused(400, "Only members of a group can be changed.", "invalidPath")
        if value is None and op == "remove":
            found.append(("replace", []))
        else:
            found.append((op, members_in(value)))
    return found


def members_in(value: Any) -> list[str]:
    """Return the numbers in a list of members. Raises ScimRefused."""
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(each, dict) and isinstance(each.get("value"), str) for each in rows):
        raise ScimRefused(400, 'members must be a list of {"value": "<id>"}.', "invalidValue")
    return [each["value"] for each in rows]


def read_filter(text: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """Return (what ``names`` calls the attribute, value) of ``attribute eq "value"``; None for "".

    Raises ScimRefused for any other filter.
    """
    if not text:
        return None
    match = _FILTER.match(text)
    wanted = names.get(match[1].lower()) if match else None
    if match is None or wanted is None:
        offered = ", ".join(f'{name} eq "…"' for name in names)
        raise ScimRefused(400, f"Filters are: {offered}.", "invalidFilter")
    try:
        return wanted, json.loads(match[2])
    except ValueError:
        raise ScimRefused(400, "The value is not a JSON string.", "invalidFilter") from None


def shown_user(member: Member, external_id: str) -> dict[str, Any]:
    """Return a member as a directory reads it; the user and the roles must be loaded."""
    said = {
        "schemas": [USER],
        "id": str(member.pk),
        "userName": member.user.email,
        "displayName": member.user.name,
        "name": {"formatted": member.user.name},
        "active": member.active and member.user.is_active,
        "emails": [{"value": member.user.email, "type": "work", "primary": True}],
        "timezone": member.user.zone,
        "preferredLanguage": member.user.language,
        "groups": [{"value": str(r.pk), "display": r.shown_title} for r in member.roles],
        "meta": {
            "resourceType": "User",
            "created": member.joined_at.isoformat(),
            "location": address_of("scim-user", pk=str(member.pk)),
        },
    }
    return {**said, "externalId": external_id} if external_id else said


def shown_group(role: Role, members: list[Member]) -> dict[str, Any]:
    """Return a role as a directory reads it."""
    return {
        "schemas": [GROUP],
        "id": str(role.pk),
        "displayName": role.shown_title,
        "members": [{"value": str(m.pk), "display": m.user.name} for m in members],
        "meta": {
            "resourceType": "Group",
            "location": address_of("scim-group", pk=str(role.pk)),
        },
    }


def read_name(said: Mapping[str, Any]) -> str:
    """Return what a group is called, "" when it does not say. Raises ScimRefused."""
    return _text(said.get("displayName"), "displayName") or ""


def name_in_patch(said: Mapping[str, Any]) -> str:
    """Return the new name in a patch of a group, "" for none. Raises ScimRefused."""
    name = ""
    for op, path, value in read_operations(said):
        if op != "remove" and path.lower() == "displayname":
            name = read_name({"displayName": value})
        elif op != "remove" and not path and isinstance(value, dict):
            name = read_name(value) or name
    return name


def shown_pushed(pk: int, name: str, members: list[Member]) -> dict[str, Any]:
    """Return a group of the directory's own; numbers of roles and of these do not meet."""
    number = f"{PUSHED}{pk}"
    return {
        "schemas": [GROUP],
        "id": number,
        "displayName": name,
        "members": [{"value": str(m.pk), "display": m.user.name} for m in members],
        "meta": {"resourceType": "Group", "location": address_of("scim-group", pk=number)},
    }


def shown_list(rows: list[dict[str, Any]], total: int, start: int) -> dict[str, Any]:
    """Return one page of a list; ``start`` counts from 1."""
    return {
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(rows),
        "Resources": rows,
    }


def service_config() -> dict[str, Any]:
    """Return what this service can do (RFC 7643 section 5)."""
    no = {"supported": False}
    return {
        "schemas": [CONFIG],
        "patch": {"supported": True},
        "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST_PAGE},
        "changePassword": no,
        "sort": no,
        "etag": no,
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The key made on the workspace’s sign-in page.",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": address_of("scim-config")},
    }
