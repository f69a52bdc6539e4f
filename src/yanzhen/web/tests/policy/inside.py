"""Coming in, the frame, the team and its accounts: who may do what there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.utils.http import urlsafe_base64_encode

from yanzhen.people.tests.cast import PASSWORD
from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    ADMIN,
    ADMINS,
    ANALYST,
    AUTHOR,
    COMMUNITY,
    CONNECTORS,
    CREATOR,
    EVERYBODY,
    INVITERS,
    LEAD,
    LEADERS,
    LOG_READERS,
    NEW_PASSWORD,
    Page,
    Sends,
    Way,
    about,
    anyone,
    no,
    own,
    row,
    says,
    way,
)


def _signing_in(house: House) -> dict[str, Any]:
    return {"email": house.people[CREATOR].user.email, "password": PASSWORD}


def _reset(house: House) -> tuple[Any, ...]:
    user = house.people[CREATOR].user
    uid = urlsafe_base64_encode(str(user.pk).encode())
    return (uid, default_token_generator.make_token(user))


def _joining(house: House) -> dict[str, Any]:
    return {"name": "Gast", "password": NEW_PASSWORD, "zone": "UTC", "language": "en"}


def _profile(house: House) -> dict[str, Any]:
    hours = {"day_start": "08:00", "day_end": "17:00", "workdays": ["1", "2"]}
    return {"name": "New", "zone": "UTC", "city": "", "language": "en", **hours}


def _role(house: House) -> dict[str, Any]:
    return {"title": "Maker", "mission": "", "decisions": ["post.write"], "seen": 0}


def _new_role(house: House) -> dict[str, Any]:
    return {"title": "Maker", "decisions": ["post.write"], "where": "all"}


def _settling(house: House) -> dict[str, Any]:
    roles = house.workspace.roles.in_order()
    seen = " ".join(f"{role.pk}:{role.revision}" for role in roles)
    return {"role": house.role(ANALYST).pk, "seen": seen}


def _settling_back(house: House) -> dict[str, Any]:
    return {"back": f"{house.role(ANALYST).pk}:D:0"}


def _lending(house: House) -> dict[str, Any]:
    """For oneself: administrators say for whom, others lend their own."""
    return {
        "giver": house.people[ADMIN].pk,
        "receiver": house.people[ANALYST].pk,
        "decisions": ["post.hold"],
        "ends_at": "2026-03-05T12:00",
    }


def _settings(house: House) -> dict[str, Any]:
    return {"name": "Renamed", "zone": "UTC", "seen": house.workspace.revision}


def _leading(house: House) -> dict[str, Any]:
    member = house.workspace.lead_id
    return {"lead-member": member, "lead-until": "", "lead-seen": house.workspace.revision}


def _inviting(house: House) -> dict[str, Any]:
    role = house.role(CREATOR).pk
    return {"email": "second@guest.example", "name": "", "role": role, "language": "en"}


def _roles(house: House) -> dict[str, Any]:
    further = [house.role(COMMUNITY).pk]
    return {"primary": house.role(ANALYST).pk, "further": further, "seen": 0}


def _seen(revision: int) -> Sends:
    return lambda house: {"seen": revision}


def _account(house: House) -> dict[str, Any]:
    return {"zone": "Asia/Tokyo", "language": "ja", "colour": "de", "premium": ""}


def _app(house: House) -> dict[str, Any]:
    return {"client_id": "another", "confidential": "yes", "client_secret": "secret"}


PAGES: dict[str, Page] = {
    # the frame
    "today": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "more": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "frame": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "language": Page(get=anyone(405), post=anyone(302, says(language="zh-hans"))),
    "health": Page(get=anyone(200), post=anyone(405)),
    "activity": Page(get=way(LOG_READERS, 200), post=no(LOG_READERS)),
    "activity-csv": Page(get=way(LOG_READERS, 200), post=no(LOG_READERS)),
    # getting in
    "sign-in": Page(get=anyone(200, inside=302), post=anyone(302, _signing_in)),
    "sign-out": Page(get=anyone(405), post=anyone(302)),
    "forgotten": Page(get=anyone(200), post=anyone(200, says(email="who@example.com"))),
    "reset-password": Page(
        args=_reset, get=anyone(200), post=anyone(302, says(password=NEW_PASSWORD))
    ),
    "join": Page(
        args=lambda house: (house.token,),
        get=anyone(200, inside=403),
        post=anyone(302, _joining, inside=403),
    ),
    # one's own
    "profile": Page(get=own(200), post=own(302, _profile)),
    "password": Page(get=own(200), post=own(302, says(current=PASSWORD, password=NEW_PASSWORD))),
    "sessions": Page(get=own(200), post=own(405)),
    "sessions-end": Page(get=own(405), post=own(302)),
    "session-end": Page(
        args=lambda house: (house.session_of(house.people[CREATOR].user).pk,),
        get=own(405),
        post=Way(AUTHOR, 302, 404, homeless=404, refused=404),
    ),
    "workspaces": Page(
        get=own(200),
        post=Way(
            EVERYBODY,
            302,
            404,
            sends=lambda house: {"workspace": house.workspace.pk},
            homeless=404,
        ),
    ),
    # what one is told; another's notice is nowhere
    "notices": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "notice": Page(
        args=about("notice"),
        get=Way(AUTHOR, 302, 404, homeless=404, refused=404),
        post=own(405),
    ),
    "notices-seen": Page(get=no(EVERYBODY), post=way(EVERYBODY, 302)),
    # the team
    "team": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "member": Page(args=about("people.analyst"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "roles": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "role": Page(
        args=lambda house: (house.role(CREATOR).pk,),
        get=row(ADMINS, 200),
        post=row(ADMINS, 302, _role),
    ),
    "role-new": Page(get=way(ADMINS, 200), post=way(ADMINS, 302, _new_role)),
    "role-retire": Page(args=about("spare"), get=no(ADMINS), post=row(ADMINS, 302, _seen(0))),
    "role-return": Page(args=about("put_away"), get=no(ADMINS), post=row(ADMINS, 302, _seen(1))),
    "decisions": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "decision-settle": Page(
        args=lambda house: ("plan-theme",),
        get=way(ADMINS, 200),
        post=way(ADMINS, 302, _settling, outsider=422),
    ),
    "decision-settle-back": Page(
        args=lambda house: ("plan-theme",),
        get=no(ADMINS),
        # another brand's role is none that could be changed back
        post=way(ADMINS, 302, _settling_back, outsider=409),
    ),
    # everybody holds something that can be lent, but the analyst cannot lend to themself
    "delegations": Page(
        get=way(EVERYBODY, 200),
        post=Way(EVERYBODY - {ANALYST}, 302, 422, _lending, refused=422),
    ),
    # the two of it, and who gives roles
    "delegation-end": Page(
        args=about("delegation"), get=no(EVERYBODY), post=row(ADMINS | {LEAD}, 302)
    ),
    "workspace": Page(get=way(ADMINS, 200), post=way(ADMINS, 302, _settings)),
    "lead": Page(get=no(LEADERS), post=way(LEADERS, 302, _leading, outsider=422)),
    "invite": Page(get=way(INVITERS, 200), post=way(INVITERS, 200, _inviting, outsider=422)),
    "withdraw": Page(args=about("invitation"), get=no(INVITERS), post=row(INVITERS, 302)),
    "member-roles": Page(
        args=about("people.creator"), get=no(ADMINS), post=row(ADMINS, 302, _roles)
    ),
    "member-remove": Page(
        args=about("people.creator"), get=no(INVITERS), post=row(INVITERS, 302, _seen(0))
    ),
    "member-return": Page(
        args=about("former"), get=no(INVITERS), post=row(INVITERS, 302, _seen(1))
    ),
    # accounts
    "accounts": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "account": Page(
        args=about("account"), get=row(EVERYBODY, 200), post=row(CONNECTORS, 302, _account)
    ),
    "account-check": Page(args=about("account"), get=no(CONNECTORS), post=row(CONNECTORS, 302)),
    "account-disconnect": Page(
        args=about("account"), get=no(CONNECTORS), post=row(CONNECTORS, 302)
    ),
    "account-confirm": Page(
        args=about("arrived"),
        get=row(CONNECTORS, 200),
        post=row(CONNECTORS, 302, says(verdict="right")),
    ),
    # the account has no picture of its own, which looks like an account that is not there
    "account-picture": Page(args=about("account"), get=row(EVERYBODY, 404), post=no(EVERYBODY)),
    "accounts-health": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "accounts-revoke-all": Page(get=way(CONNECTORS, 200), post=way(CONNECTORS, 302)),
    "accounts-connect": Page(
        get=way(CONNECTORS, 200), post=way(CONNECTORS, 302, says(step="type", app_type="web"))
    ),
    "accounts-app": Page(get=no(CONNECTORS), post=way(CONNECTORS, 302, _app)),
    "accounts-start": Page(get=no(CONNECTORS), post=way(CONNECTORS, 303)),
    # X is the real X in these houses, beside which there is no practice account
    "accounts-practice": Page(get=no(CONNECTORS), post=way(CONNECTORS, 404)),
    "accounts-keys": Page(get=no(CONNECTORS), post=way(CONNECTORS, 422)),
    "accounts-errand": Page(
        args=lambda house: (house.errand_of(house.people[CREATOR]).key,),
        get=Way(AUTHOR, 200, 404, refused=404),
        post=no(EVERYBODY),
    ),
    "accounts-connected": Page(get=way(CONNECTORS, 422), post=no(CONNECTORS)),
}
