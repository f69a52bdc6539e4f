"""The desk, from brand and plan to review and tasks: who may do what there."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from yanzhen.library.tests import makers
from yanzhen.review.models import CheckPoint
from yanzhen.web.tests.house import SRT, House
from yanzhen.web.tests.policy.ways import (
    ADMINS,
    AUTHOR,
    DROPPERS,
    EVERYBODY,
    FLOW_MAKERS,
    FRAMERS,
    HOSTS,
    IDEA_CHANGERS,
    IMPORTERS,
    LEAD,
    MANAGER,
    OVERRIDERS,
    PLANNERS,
    REVIEWERS,
    STRATEGIST,
    TASK_LEADERS,
    TASK_MOVERS,
    THEME_MAKERS,
    WRITERS,
    Page,
    Sends,
    Way,
    about,
    anyone,
    no,
    row,
    says,
    way,
)


def _shifted(house: House) -> dict[str, Any]:
    return {"what": "move", "post": house.posts["draft"].pk, "way": "day", "day": "2099-03-20"}


def _embargo(house: House) -> dict[str, Any]:
    readers = [house.people[name].pk for name in (STRATEGIST, LEAD, MANAGER)]
    lift = {"date": "2099-03-20", "time": "10:00", "zone": "Europe/Berlin"}
    return {**lift, "readers": readers, "reason": "Prices."}


def _publishing(house: House) -> dict[str, Any]:
    return {"note": "New words", "seen": 2}


def _seen(revision: int) -> Sends:
    return lambda house: {"seen": revision}


def _rule(house: House) -> dict[str, Any]:
    return {
        "title": "Words",
        "severity": "error",
        "language": "any",
        "phrases": "Hokuspokus",
        "seen": 0,
    }


def _rules(house: House) -> dict[str, Any]:
    text = "kind,title,phrases\nnever,Words,Hokuspokus\n"
    return {"file": SimpleUploadedFile("rules.csv", text.encode()), "mode": "add"}


def _file(house: House) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("sky.png", makers.image("PNG", size=(30, 20)))}


def _cropping(house: House) -> dict[str, Any]:
    crop = {"left": 5, "top": 5, "width": 20, "height": 20, "turn": 90}
    return {**crop, "size_width": 10, "size_height": 10}


def _subtitling(house: House) -> dict[str, Any]:
    return {"language": "ja", "text": SRT}


def _plan(house: House) -> dict[str, Any]:
    text = f"account,date,time,text\n@{house.account.handle},2026-06-10,17:00,Hello\n"
    return {"file": SimpleUploadedFile("plan.csv", text.encode()), "order": "file"}


def _new_post(house: House) -> dict[str, Any]:
    return {"account": house.account.pk, "title": "New", "text": "Words."}


def _writing(house: House) -> dict[str, Any]:
    return {"revision": 1, "text": ["Other words.", "And more."]}


def _merging(house: House) -> dict[str, Any]:
    return {"revision": 1, "mine": ["My words."], "choice-0": "mine"}


def _time(house: House) -> dict[str, Any]:
    return {"date": "2026-03-20", "time": "10:00", "zone": "Europe/Berlin"}


def _details(house: House) -> dict[str, Any]:
    return {"title": "Named", "account": house.account.pk, "campaign": house.campaign.pk}


def _flow(house: House) -> dict[str, Any]:
    step = {"s0-role": house.role(LEAD).pk, "s0-quorum": 1, "s0-hours": 4, "s0-title": "Once"}
    return {**step, "point_slug": ["true"], "point_text": ["It is true."]}


def _lane(house: House) -> dict[str, Any]:
    lead, manager = house.role(LEAD).pk, house.role(MANAGER).pk
    steps = {"s0-role": lead, "s0-quorum": 1, "s1-role": manager, "s1-quorum": 1}
    reasons = {"reason_pk": [""], "reason_text": ["Eilig."]}
    return {**steps, **reasons, "seen": 0, "minutes": 20, "weekly_most": 4}


def _ticks(house: House) -> dict[str, Any]:
    points = CheckPoint.objects.filter(flow__workspace=house.workspace)
    return {"point": [point.pk for point in points]}


def _columns(house: House) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for place, column in enumerate(house.workspace.task_columns.order_by("position"), start=1):
        sent |= {f"c{place}-pk": column.pk, f"c{place}-place": place, f"c{place}-title": ""}
        sent |= {f"c{place}-state": column.state}
    return sent


def _column(house: House) -> dict[str, Any]:
    done = house.workspace.task_columns.get(state="done")
    return {"column": done.pk, "seen": house.task.state_version, "from": "task"}


def _guest(house: House) -> dict[str, Any]:
    return {"name": "Ada Hart", "days": 7, "language": "en"}


def _secret(house: House) -> tuple[Any, ...]:
    return (house.guest_secret,)


def _secret_file(house: House) -> tuple[Any, ...]:
    return (house.guest_secret, house.image.pk)


def _guest_deciding(house: House) -> dict[str, Any]:
    signed = {"seen": house.guest.round.digest, "name": "Ada Hart"}
    return {**signed, "verdict": "pass", "sure": "on"}


def _guest_saying(house: House) -> dict[str, Any]:
    return {"seen": house.guest.round.digest, "name": "Ada Hart", "body": "Gut."}


def _by_guests(sends: Sends) -> Way:
    return Way(frozenset(), 302, 302, sends, stranger=302, homeless=302, refused=403)


def _slotting(house: House) -> dict[str, Any]:
    return {"account": house.account.pk, "date": "2026-03-25", "time": "10:00", "goal": "Ein Foto"}


def _slot_changing(house: House) -> dict[str, Any]:
    return {**_slotting(house), "seen": house.slot.state_version}


def _filling(house: House) -> dict[str, Any]:
    return {"post": house.posts["draft"].pk, "seen": house.slot.state_version}


def _uncopying(house: House) -> dict[str, Any]:
    return {"slots": house.slot.pk}


PAGES: dict[str, Page] = {
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
    # Nothing chosen leads back; what is chosen asks for the right of the verb.
    "posts-bulk": Page(get=way(EVERYBODY, 302), post=way(PLANNERS, 200, _shifted, outsider=302)),
    "posts-undo": Page(
        args=about("moved"), get=no(EVERYBODY), post=Way(AUTHOR, 302, 404, refused=404)
    ),
    "posts-views": Page(
        get=way(EVERYBODY, 200), post=way(EVERYBODY, 302, says(name="Meine", query="stage=draft"))
    ),
    # A shared view is for everybody, and its owner's and the administrator's to change.
    "posts-view": Page(
        args=about("view"),
        get=no(EVERYBODY),
        post=row(AUTHOR | ADMINS, 302, says(name="Anders", shared="on")),
    ),
    "posts-view-remove": Page(
        args=about("view"), get=no(EVERYBODY), post=row(AUTHOR | ADMINS, 302)
    ),
    "posts-view-restore": Page(
        args=about("view"), get=no(EVERYBODY), post=row(AUTHOR | ADMINS, 302)
    ),
    "posts-view-first": Page(args=about("view"), get=no(EVERYBODY), post=row(EVERYBODY, 302)),
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
    # The author's, and whoever may set times.
    "post-embargo": Page(
        args=about("posts.draft"), get=no(EVERYBODY), post=row(PLANNERS, 302, _embargo)
    ),
    "post-embargo-end": Page(
        # Without an embargo there is nothing to end, to confirm or to keep.
        args=about("posts.draft"),
        get=no(EVERYBODY),
        post=row(PLANNERS, 409, says(reason="Over.")),
    ),
    "post-embargo-confirm": Page(
        args=about("posts.draft"), get=no(EVERYBODY), post=row(PLANNERS, 409)
    ),
    "post-embargo-keep": Page(
        args=about("posts.draft"), get=no(EVERYBODY), post=row(PLANNERS, 409)
    ),
    "post-upload": Page(args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 200, _file)),
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
    "review-fast": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-fast-settings": Page(
        get=way(FLOW_MAKERS, 200), post=way(FLOW_MAKERS, 302, _lane, outsider=422)
    ),
    # The run of the table is under way, so nothing can be regretted yet; the page says so.
    "review-fast-regret": Page(
        args=about("run"), get=no(REVIEWERS), post=row(REVIEWERS, 302, says(reason="Zu eilig."))
    ),
    "review-fast-clock": Page(
        args=about("posts.review"), get=row(EVERYBODY, 200), post=no(EVERYBODY)
    ),
    "review-trail": Page(args=about("posts.review"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-submit": Page(
        args=about("posts.draft"), get=row(WRITERS, 200), post=row(AUTHOR, 302, _ticks)
    ),
    # Guests come by a secret address and are not asked who they are; the team's side is a right.
    "review-guests": Page(
        args=about("posts.review"), get=row(HOSTS, 200), post=row(HOSTS, 200, _guest)
    ),
    "review-guest-revoke": Page(args=about("guest"), get=no(HOSTS), post=row(HOSTS, 302)),
    "guest": Page(args=_secret, get=anyone(200), post=anyone(405)),
    "guest-decide": Page(
        # Whoever is signed in to the brand decides as a member.
        args=_secret,
        get=anyone(405),
        post=_by_guests(_guest_deciding),
    ),
    "guest-comment": Page(args=_secret, get=anyone(405), post=_by_guests(_guest_saying)),
    "guest-media": Page(args=_secret_file, get=anyone(200), post=anyone(405)),
    "guest-thumbnail": Page(args=_secret_file, get=anyone(200), post=anyone(405)),
    "review-withdraw": Page(args=about("posts.review"), get=no(WRITERS), post=row(AUTHOR, 302)),
    # the calendar
    "calendar": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "calendar-print": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "plan-export": Page(
        get=way(EVERYBODY, 200), post=way(EVERYBODY, 200, says(format="CSV", stage="draft"))
    ),
    "calendar-links": Page(
        get=way(EVERYBODY, 200), post=way(EVERYBODY, 200, says(shows="own", titled="busy"))
    ),
    # Everybody's links are their own, and nobody else's exist.
    "calendar-link-revoke": Page(
        args=about("link"),
        get=no(EVERYBODY),
        post=Way(AUTHOR, 302, 404, refused=404),
    ),
    # Whoever has the secret is let in, and nobody is asked who they are.
    "calendar-feed": Page(
        args=lambda house: (house.feed_secret,), get=anyone(200), post=anyone(405)
    ),
    "calendar-theme": Page(get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302, says(name="Reisen"))),
    "calendar-focus": Page(
        get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302, says(week="2026-03-09", name="Licht"))
    ),
    "calendar-settings": Page(
        get=way(THEME_MAKERS, 200), post=way(THEME_MAKERS, 302, says(minutes="45", seen="0"))
    ),
    "holidays-add": Page(get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302, says(country="DE"))),
    "holidays-remove": Page(
        args=lambda house: ("DE",), get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302)
    ),
    "team-day-add": Page(
        get=no(THEME_MAKERS),
        post=way(THEME_MAKERS, 302, says(day="2026-06-09", name="Gründung", free="on")),
    ),
    "team-day-remove": Page(
        args=about("team_day"), get=no(THEME_MAKERS), post=row(THEME_MAKERS, 302)
    ),
    "slot-new": Page(get=way(PLANNERS, 200), post=way(PLANNERS, 302, _slotting, outsider=422)),
    "slot": Page(
        args=about("slot"), get=row(PLANNERS, 200), post=row(PLANNERS, 302, _slot_changing)
    ),
    "slots-copy": Page(
        get=way(PLANNERS, 200),
        post=way(PLANNERS, 302, says(source="2026-03-09", target="2026-03-16")),
    ),
    "slots-uncopy": Page(get=no(PLANNERS), post=way(PLANNERS, 302, _uncopying)),
    "slot-move": Page(
        args=about("slot"),
        get=no(PLANNERS),
        post=row(PLANNERS, 302, says(day="2026-03-26", time="10:00", seen="0")),
    ),
    "slot-fill": Page(args=about("slot"), get=no(PLANNERS), post=row(PLANNERS, 302, _filling)),
    "slot-remove": Page(args=about("slot"), get=no(PLANNERS), post=row(PLANNERS, 302)),
    "slot-restore": Page(args=about("gone_slot"), get=no(PLANNERS), post=row(PLANNERS, 302)),
    "post-move": Page(
        args=about("posts.scheduled"),
        get=no(PLANNERS),
        post=row(PLANNERS, 302, says(day="2026-03-25")),
    ),
    # ideas: everybody has them and is for them; who had it, who owns it and who writes change it
    "ideas": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "idea-new": Page(get=way(EVERYBODY, 200), post=way(EVERYBODY, 302, says(title="Neu"))),
    "idea": Page(args=about("idea"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "idea-edit": Page(
        args=about("idea"),
        get=no(EVERYBODY),
        post=row(IDEA_CHANGERS, 302, says(title="Anders", revision="1")),
    ),
    "idea-move": Page(
        args=about("idea"), get=no(EVERYBODY), post=row(IDEA_CHANGERS, 302, says(move="drop"))
    ),
    "idea-vote": Page(
        args=about("idea"), get=no(EVERYBODY), post=row(EVERYBODY, 302, says(wanted="yes"))
    ),
    "idea-files": Page(
        args=about("idea"),
        get=row(IDEA_CHANGERS, 200),
        post=row(IDEA_CHANGERS, 302, lambda house: {"asset": house.image.asset_id}),
    ),
    "idea-file-off": Page(
        args=about("idea"),
        get=no(EVERYBODY),
        post=row(IDEA_CHANGERS, 302, lambda house: {"asset": house.image.asset_id}),
    ),
    "idea-draft": Page(
        args=about("idea"),
        get=no(WRITERS),
        post=row(WRITERS, 302, lambda house: {"account": house.account.pk}),
    ),
    "post-idea": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    # tasks: everybody's own are theirs, the others' are moved by who directs
    "tasks": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "task-new": Page(
        get=way(EVERYBODY, 200), post=way(EVERYBODY, 302, says(title="Neu", zone="Europe/Berlin"))
    ),
    "task-columns": Page(
        get=way(TASK_LEADERS, 200), post=way(TASK_LEADERS, 302, _columns, outsider=409)
    ),
    "task": Page(args=about("task"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "task-edit": Page(
        args=about("task"),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302, says(title="Anders", zone="Europe/Berlin", revision="1")),
    ),
    "task-move": Page(args=about("task"), get=no(EVERYBODY), post=row(TASK_MOVERS, 302, _column)),
    "task-archive": Page(args=about("task"), get=no(EVERYBODY), post=row(TASK_MOVERS, 302)),
    "task-restore": Page(args=about("deleted_task"), get=no(EVERYBODY), post=row(TASK_MOVERS, 302)),
    "task-item-add": Page(
        args=about("task"), get=no(EVERYBODY), post=row(TASK_MOVERS, 302, says(text="Noch eins"))
    ),
    "task-item": Page(
        args=lambda house: (house.task.items.get().pk,),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302, says(ticked="1")),
    ),
    "task-need-add": Page(
        args=about("task"),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302, lambda house: {"on": house.task.needs.get().on_id}),
    ),
    "task-need-remove": Page(
        args=lambda house: (house.task.needs.get().pk,),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302),
    ),
    "task-link-add": Page(
        args=about("task"),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302, lambda house: {"post": house.posts["draft"].pk}),
    ),
    "task-link": Page(
        args=lambda house: (house.task.links.get().pk,),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302),
    ),
    "post-tasks": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
}
