"""Who may do what, address by address: written by hand from the mission, not read from the code.

Each address says for GET and for POST who comes in and what they are answered. Anybody of the
brand who is not named is told who holds the right (403); strangers are led to sign-in, people
without a workspace to the list of theirs, and another brand's things are nowhere (404).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.http import urlsafe_base64_encode

from yanzhen.kernel import clock
from yanzhen.library.tests import makers
from yanzhen.people.tests.cast import PASSWORD
from yanzhen.publishing.engine.waiting import signature, waiting_behind
from yanzhen.review.models import CheckPoint
from yanzhen.web.tests.house import ROLES, SRT, House

STRATEGIST, CREATOR, COMMUNITY, ANALYST, COORDINATOR, LEAD, MANAGER, ADMIN = ROLES
EVERYBODY = frozenset(ROLES)
WRITERS = frozenset({STRATEGIST, CREATOR, COMMUNITY, LEAD})
PLANNERS = WRITERS | {MANAGER}
DROPPERS = frozenset({STRATEGIST, COORDINATOR, LEAD, MANAGER})
REVIEWERS = frozenset({LEAD, MANAGER})
IMPORTERS = frozenset({STRATEGIST, LEAD, ADMIN})
CONNECTORS = frozenset({MANAGER, ADMIN})
RESOLVERS = frozenset({COORDINATOR, LEAD, MANAGER})
HURRIERS = frozenset({LEAD, MANAGER})
THEME_MAKERS = frozenset({STRATEGIST, LEAD, MANAGER})
FRAMERS = frozenset({STRATEGIST, MANAGER})
OVERRIDERS = frozenset({LEAD, MANAGER})
LEADERS = frozenset({LEAD, MANAGER, ADMIN})
INVITERS = frozenset({LEAD, ADMIN})
FLOW_MAKERS = frozenset({MANAGER, ADMIN})
LOG_READERS = frozenset({ANALYST, COORDINATOR, LEAD, MANAGER, ADMIN})
ADMINS = frozenset({ADMIN})
AUTHOR = frozenset({CREATOR})

SIGN_IN = "sign-in"
WORKSPACES = "workspaces"
NEW_PASSWORD = "cranes-fly-in-lines-9"

Sends = Callable[[House], dict[str, Any]]


def nothing(house: House) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Way:
    """One method of one address.

    ``who`` of the brand is answered ``answer``, the others ``refused``. ``stranger`` and
    ``homeless`` are a status, or the page they are led to. ``outsider`` holds every right in
    another brand and sends the same numbers.
    """

    who: frozenset[str]
    answer: int
    outsider: int
    sends: Sends = nothing
    stranger: int | str = SIGN_IN
    homeless: int | str = WORKSPACES
    refused: int = 403


@dataclass(frozen=True)
class Page:
    """One address: what stands in it, and its two methods."""

    get: Way
    post: Way
    args: Callable[[House], tuple[Any, ...]] = field(default=lambda house: ())


def way(
    who: frozenset[str], answer: int, sends: Sends = nothing, *, outsider: int | None = None
) -> Way:
    """A page without numbers in its address; an outsider is on their own brand's."""
    return Way(who, answer, answer if outsider is None else outsider, sends)


def row(who: frozenset[str], answer: int, sends: Sends = nothing) -> Way:
    """A page about one thing of the brand, which for an outsider is not there."""
    return Way(who, answer, 404, sends)


def no(who: frozenset[str]) -> Way:
    """A method that the address does not take; whoever may use the address is told so."""
    return Way(who, 405, 405)


def own(answer: int, sends: Sends = nothing) -> Way:
    """A page about the reader, in a workspace or not."""
    return Way(EVERYBODY, answer, answer, sends, homeless=answer)


def anyone(answer: int, sends: Sends = nothing, *, inside: int | None = None) -> Way:
    """A page that needs no sign-in; ``inside`` is the answer to those who are signed in."""
    theirs = answer if inside is None else inside
    return Way(EVERYBODY, theirs, theirs, sends, stranger=answer, homeless=theirs)


def about(what: str) -> Callable[[House], tuple[Any, ...]]:
    """Put the number of one thing of the brand into the address: posts.draft, account."""
    name, _dot, key = what.partition(".")

    def args(house: House) -> tuple[Any, ...]:
        found = getattr(house, name)
        return ((found[key] if key else found).pk,)

    return args


def _reset(house: House) -> tuple[Any, ...]:
    user = house.people[CREATOR].user
    uid = urlsafe_base64_encode(str(user.pk).encode())
    return (uid, default_token_generator.make_token(user))


def _signing_in(house: House) -> dict[str, Any]:
    return {"email": house.people[CREATOR].user.email, "password": PASSWORD}


def _joining(house: House) -> dict[str, Any]:
    return {"name": "Gast", "password": NEW_PASSWORD, "zone": "UTC", "language": "en"}


def _profile(house: House) -> dict[str, Any]:
    hours = {"day_start": "08:00", "day_end": "17:00", "workdays": ["1", "2"]}
    return {"name": "New", "zone": "UTC", "city": "", "language": "en", **hours}


def _settings(house: House) -> dict[str, Any]:
    return {"name": "Renamed", "zone": "UTC", "seen": house.workspace.revision}


def _leading(house: House) -> dict[str, Any]:
    member = house.people[CREATOR].pk
    return {"lead-member": member, "lead-until": "", "lead-seen": house.workspace.revision}


def _inviting(house: House) -> dict[str, Any]:
    role = house.role(CREATOR).pk
    return {"email": "second@guest.example", "name": "", "role": role, "language": "en"}


def _role(house: House) -> dict[str, Any]:
    return {"title": "Maker", "mission": "", "decisions": ["post.write"], "seen": 0}


def _roles(house: House) -> dict[str, Any]:
    further = [house.role(COMMUNITY).pk]
    return {"primary": house.role(ANALYST).pk, "further": further, "seen": 0}


def _seen(revision: int) -> Sends:
    return lambda house: {"seen": revision}


def _account(house: House) -> dict[str, Any]:
    return {"zone": "Asia/Tokyo", "language": "ja", "colour": "de", "premium": ""}


def _app(house: House) -> dict[str, Any]:
    return {"client_id": "another", "confidential": "yes", "client_secret": "secret"}


def _new_post(house: House) -> dict[str, Any]:
    return {"account": house.account.pk, "title": "New", "text": "Words."}


def _writing(house: House) -> dict[str, Any]:
    return {"revision": 1, "text": ["Other words.", "And more."]}


def _merging(house: House) -> dict[str, Any]:
    return {"revision": 1, "mine": ["My words."], "choice-0": "mine"}


def _time(house: House) -> dict[str, Any]:
    return {"date": "2026-03-20", "time": "10:00", "zone": "Europe/Berlin"}


def _later(house: House) -> dict[str, Any]:
    return {"date": "2099-03-20", "time": "10:00", "zone": "Europe/Berlin"}


def _all_later(house: House) -> dict[str, Any]:
    return {**_later(house), "post": house.deliveries["missed"].pk, "sure": "yes"}


def _all_dropped(house: House) -> dict[str, Any]:
    return {"reason": "Over.", "post": house.deliveries["missed"].pk, "sure": "yes"}


def _details(house: House) -> dict[str, Any]:
    return {"title": "Named", "account": house.account.pk, "campaign": house.campaign.pk}


def _plan(house: House) -> dict[str, Any]:
    text = f"account,date,time,text\n@{house.account.handle},2026-06-10,17:00,Hello\n"
    return {"file": SimpleUploadedFile("plan.csv", text.encode()), "order": "file"}


def _ticks(house: House) -> dict[str, Any]:
    points = CheckPoint.objects.filter(flow__workspace=house.workspace)
    return {"point": [point.pk for point in points]}


def _flow(house: House) -> dict[str, Any]:
    step = {"s0-role": house.role(LEAD).pk, "s0-quorum": 1, "s0-hours": 4, "s0-title": "Once"}
    return {**step, "point_slug": ["true"], "point_text": ["It is true."]}


def _file(house: House) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("sky.png", makers.image("PNG", size=(30, 20)))}


def _cropping(house: House) -> dict[str, Any]:
    crop = {"left": 5, "top": 5, "width": 20, "height": 20, "turn": 90}
    return {**crop, "size_width": 10, "size_height": 10}


def _subtitling(house: House) -> dict[str, Any]:
    return {"language": "ja", "text": SRT}


def _rule(house: House) -> dict[str, Any]:
    return {
        "title": "Words",
        "severity": "error",
        "language": "any",
        "phrases": "Hokuspokus",
        "seen": 0,
    }


def _publishing(house: House) -> dict[str, Any]:
    return {"note": "New words", "seen": 2}


def _rules(house: House) -> dict[str, Any]:
    text = "kind,title,phrases\nnever,Words,Hokuspokus\n"
    return {"file": SimpleUploadedFile("rules.csv", text.encode()), "mode": "add"}


def _freezing(house: House) -> dict[str, Any]:
    return {"scope": f"account:{house.account.pk}", "reason": "A storm."}


def _thawing(house: House) -> dict[str, Any]:
    return {"reason": "It is over."}


def _listed(house: House) -> dict[str, Any]:
    listed = waiting_behind(house.closed, now=clock.database_now())
    return {"seen": signature(listed, {})}


def says(**values: Any) -> Sends:
    return lambda house: values


TABLE: dict[str, Page] = {
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
    "accounts-keys": Page(get=no(CONNECTORS), post=way(CONNECTORS, 422)),
    "accounts-errand": Page(
        args=lambda house: (house.errand_of(house.people[CREATOR]).key,),
        get=Way(AUTHOR, 200, 404, refused=404),
        post=no(EVERYBODY),
    ),
    "accounts-connected": Page(get=way(CONNECTORS, 422), post=no(CONNECTORS)),
    # the brand framework: those who answer for it write it, everybody reads it
    "brand": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "brand-export": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "brand-versions": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "brand-version": Page(args=about("framework"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "brand-restore": Page(args=about("framework"), get=no(FRAMERS), post=row(FRAMERS, 302)),
    "brand-draft": Page(get=way(FRAMERS, 200), post=no(FRAMERS)),
    "brand-publish": Page(get=no(FRAMERS), post=way(FRAMERS, 302, _publishing)),
    "brand-discard": Page(get=no(FRAMERS), post=way(FRAMERS, 302, _seen(2))),
    "brand-trial": Page(get=way(FRAMERS, 200), post=no(FRAMERS)),
    "brand-rule-new": Page(
        args=lambda house: ("never",), get=way(FRAMERS, 200), post=way(FRAMERS, 302, _rule)
    ),
    "brand-rule": Page(args=about("rule"), get=row(FRAMERS, 200), post=row(FRAMERS, 302, _rule)),
    "brand-rule-remove": Page(args=about("rule"), get=no(FRAMERS), post=row(FRAMERS, 302)),
    "brand-rule-back": Page(get=no(FRAMERS), post=way(FRAMERS, 302, says(key=1))),
    "brand-import": Page(get=way(FRAMERS, 200), post=way(FRAMERS, 200, _rules)),
    "brand-import-confirm": Page(get=no(FRAMERS), post=way(FRAMERS, 422)),
    # letting a text stand: the numbers of the form are of no text here, so nothing stands
    "post-let-stand": Page(
        args=about("posts.draft"), get=no(OVERRIDERS), post=row(OVERRIDERS, 409)
    ),
    # the library: what writers may add, everybody may see
    "library": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "library-upload": Page(get=no(WRITERS), post=way(WRITERS, 302, _file)),
    "media": Page(args=about("image"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "media-file": Page(args=about("image"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "media-thumbnail": Page(args=about("image"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "media-edit": Page(args=about("image"), get=no(WRITERS), post=row(WRITERS, 302, _cropping)),
    "media-alt": Page(
        args=about("image"), get=no(WRITERS), post=row(WRITERS, 302, says(alt="Gänse."))
    ),
    "media-subtitles": Page(
        args=about("video"), get=no(WRITERS), post=row(WRITERS, 302, _subtitling)
    ),
    "subtitles": Page(args=about("subtitles"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "subtitles-remove": Page(args=about("subtitles"), get=no(WRITERS), post=row(WRITERS, 302)),
    # the plan
    "plan-import": Page(get=way(IMPORTERS, 200), post=way(IMPORTERS, 200, _plan, outsider=422)),
    "plan-import-confirm": Page(get=no(IMPORTERS), post=way(IMPORTERS, 422, says(parked="x"))),
    "plan-import-blank": Page(
        args=lambda house: ("csv",), get=way(IMPORTERS, 200), post=no(IMPORTERS)
    ),
    "search": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "search-palette": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "posts": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "post-new": Page(get=way(WRITERS, 200), post=way(WRITERS, 302, _new_post, outsider=422)),
    "post": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "post-draft": Page(
        args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302, _writing)
    ),
    "post-merge": Page(
        args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302, _merging)
    ),
    "post-time": Page(args=about("posts.draft"), get=no(PLANNERS), post=row(PLANNERS, 302, _time)),
    "post-untime": Page(args=about("posts.scheduled"), get=no(PLANNERS), post=row(PLANNERS, 302)),
    "post-recur": Page(
        args=about("posts.draft"),
        get=no(PLANNERS),
        # A draft without a time cannot go out again.
        post=row(PLANNERS, 422, says(every="1", step="week", times="3")),
    ),
    "post-recur-clear": Page(args=about("posts.draft"), get=no(PLANNERS), post=row(PLANNERS, 302)),
    "post-attach": Page(
        args=lambda house: (house.posts["draft"].pk, 1),
        get=row(WRITERS, 200),
        post=row(WRITERS, 422),
    ),
    "post-media-edit": Page(
        args=lambda house: (house.pictured.pk, house.image.pk),
        get=row(WRITERS, 200),
        post=row(WRITERS, 302, _cropping),
    ),
    "post-details": Page(
        args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302, _details)
    ),
    "post-revise": Page(args=about("posts.passed"), get=no(WRITERS), post=row(WRITERS, 302)),
    "post-drop": Page(args=about("posts.draft"), get=no(DROPPERS), post=row(DROPPERS, 302)),
    "post-copy": Page(args=about("posts.dropped"), get=no(WRITERS), post=row(WRITERS, 302)),
    "post-compare": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "version-save": Page(
        args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302, says(note="One"))
    ),
    "version-restore": Page(
        args=lambda house: (house.posts["draft"].pk, 1),
        get=no(WRITERS),
        post=row(WRITERS, 302, says(revision="1")),
    ),
    # review
    "review": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-step": Page(args=about("step"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-decide": Page(
        args=about("step"),
        get=no(REVIEWERS),
        post=row(frozenset({LEAD}), 302, says(verdict="pass")),
    ),
    "review-flow": Page(get=way(FLOW_MAKERS, 200), post=way(FLOW_MAKERS, 302, _flow, outsider=422)),
    "review-trail": Page(args=about("posts.review"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-submit": Page(
        args=about("posts.draft"), get=row(WRITERS, 200), post=row(AUTHOR, 302, _ticks)
    ),
    "review-withdraw": Page(args=about("posts.review"), get=no(WRITERS), post=row(AUTHOR, 302)),
    "review-comment": Page(
        args=about("posts.draft"), get=no(EVERYBODY), post=row(EVERYBODY, 302, says(body="Hm."))
    ),
    # the calendar
    "calendar": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "calendar-theme": Page(get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302, says(name="Reisen"))),
    "calendar-focus": Page(
        get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302, says(week="2026-03-09", name="Licht"))
    ),
    "post-move": Page(
        args=about("posts.scheduled"),
        get=no(PLANNERS),
        post=row(PLANNERS, 302, says(day="2026-03-25")),
    ),
    # money at X
    "money": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "money-budget": Page(
        args=about("account"),
        get=no(CONNECTORS),
        post=row(CONNECTORS, 302, says(monthly="50", reserve="20")),
    ),
    "money-resume": Page(args=about("pause"), get=no(CONNECTORS), post=row(CONNECTORS, 302)),
    # going out; everyone guards the brand: anyone may stop a post, and everything
    "failures": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "failure": Page(args=about("deliveries.held"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "failure-ask": Page(args=about("deliveries.held"), get=no(RESOLVERS), post=row(RESOLVERS, 302)),
    "failure-confirm": Page(
        args=about("deliveries.held"), get=no(RESOLVERS), post=row(RESOLVERS, 422)
    ),
    "failure-again": Page(
        args=about("deliveries.failed"),
        get=no(RESOLVERS),
        post=row(RESOLVERS, 302, says(reason="Once more.")),
    ),
    "failure-propose": Page(
        args=about("deliveries.failed"),
        get=no(RESOLVERS),
        post=row(RESOLVERS, 302, says(reason="Once more.")),
    ),
    # Nobody has proposed anything: there is nothing to confirm or to take back.
    "failure-second": Page(
        args=about("deliveries.held"), get=no(RESOLVERS), post=row(RESOLVERS, 409)
    ),
    "failure-withdraw": Page(
        args=about("deliveries.held"), get=no(RESOLVERS), post=row(RESOLVERS, 409)
    ),
    "failure-time": Page(
        args=about("deliveries.held"), get=no(PLANNERS), post=row(PLANNERS, 302, _later)
    ),
    "failure-back": Page(
        args=about("deliveries.scheduled"), get=no(PLANNERS), post=row(PLANNERS, 302)
    ),
    "failure-drop": Page(
        args=about("deliveries.held"),
        get=no(RESOLVERS),
        post=row(RESOLVERS, 302, says(reason="Too late.")),
    ),
    "missed": Page(args=about("account"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "missed-time": Page(
        args=about("account"), get=no(PLANNERS), post=row(PLANNERS, 302, _all_later)
    ),
    "missed-drop": Page(
        args=about("account"), get=no(RESOLVERS), post=row(RESOLVERS, 302, _all_dropped)
    ),
    "delivery-remove": Page(
        args=about("deliveries.published"),
        get=row(RESOLVERS, 200),
        post=row(RESOLVERS, 302, says(reason="Wrong figure.", whole="one")),
    ),
    # It is out for longer than X lets a post be edited: the page says so and leads back.
    "delivery-edit": Page(
        args=about("deliveries.published"), get=no(WRITERS), post=row(WRITERS, 302)
    ),
    "post-repost": Page(
        args=about("posts.published"), get=row(WRITERS, 200), post=row(WRITERS, 422)
    ),
    "post-hold": Page(
        args=about("posts.scheduled"),
        get=no(EVERYBODY),
        post=row(EVERYBODY, 302, says(reason="Not now.")),
    ),
    "post-delivery": Page(
        args=about("posts.scheduled"), get=row(EVERYBODY, 200), post=no(EVERYBODY)
    ),
    "post-publish": Page(args=about("posts.passed"), get=no(HURRIERS), post=row(HURRIERS, 302)),
    "archive": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "freeze": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "freeze-close": Page(get=no(EVERYBODY), post=way(EVERYBODY, 302, _freezing, outsider=422)),
    "thaw": Page(args=about("closed"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "thaw-ask": Page(args=about("closed"), get=no(RESOLVERS), post=row(RESOLVERS, 409, _thawing)),
    "thaw-confirm": Page(
        args=about("closed"), get=no(RESOLVERS), post=row(RESOLVERS, 302, _listed)
    ),
    "thaw-refuse": Page(
        args=about("closed"), get=no(RESOLVERS), post=row(RESOLVERS, 302, _thawing)
    ),
    "thaw-withdraw": Page(args=about("closed"), get=no(RESOLVERS), post=row(RESOLVERS, 409)),
}
