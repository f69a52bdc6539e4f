"""How long the pages of people on duty take with 200 members, two years of duty and 10,000 posts.

Run with ``python -m bench.people [SHARE]`` on a fresh SQLite database (SHARE 0.1 seeds a tenth);
prints figures, asserts nothing. Aim: p95 under 300 ms of server time, one process.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench.asking import browser_of, fresh_site, measure
from bench.desk import POSTS, fill_posts

if TYPE_CHECKING:
    from yanzhen.people.models import Member
    from yanzhen.people.tests.cast import Cast

REQUESTS = 20
MEMBERS, HANDOFFS, NOTICES = 200, 1_500, 8_000
NOW = datetime.now(UTC).replace(microsecond=0)
BEGUN = NOW - timedelta(days=365)
SITES = (
    ("Shanghai", "Asia/Shanghai", ("09:00", "18:00")),
    ("Berlin", "Europe/Berlin", ("09:00", "18:00")),
    ("Los Angeles", "America/Los_Angeles", ("08:00", "17:00")),
)
#: Who takes turns in each place.
CREW = 8
ROLES = ("creator", "creator", "creator", "strategist", "analyst", "team_lead")


def main() -> None:
    """Seed a workspace and ask for every page as the administrator and as who has the lead."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with fresh_site() as database:
        from yanzhen.people.models import Member  # noqa: PLC0415 -- settings first
        from yanzhen.people.tests.cast import make_cast  # noqa: PLC0415 -- settings first

        cast = make_cast()
        people = _fill_team(cast, round(share * MEMBERS))
        fill_posts(cast, round(share * POSTS))
        _fill_rota(cast, people)
        latest = _fill_handoffs(people, round(share * HANDOFFS))
        _fill_notices(people, round(share * NOTICES))
        _lend(people)
        sys.stdout.write(
            f"{len(people)} members, {round(share * POSTS):,} posts, {round(share * HANDOFFS):,} "
            f"handoffs, {round(share * NOTICES):,} notices, {REQUESTS} requests each, {database}\n"
        )
        lead = Member.objects.with_roles().get(pk=cast.lena.pk)
        screens = [
            (name, url, {}, {})
            for name, url in (
                ("today", "/"),
                ("team", "/team/"),
                ("member", f"/team/{cast.zhou.pk}/"),
                ("decisions", "/team/decisions/"),
                ("roles", "/team/roles/"),
                ("delegations", "/team/delegations/"),
                ("rota, month", "/duty/"),
                ("rota, week", "/duty/?view=week"),
                ("leave", "/duty/leave/"),
                ("swaps", "/duty/swaps/"),
                ("fairness", "/duty/fairness/"),
                ("time together", "/duty/overlap/"),
                ("rota, settings", "/duty/settings/"),
                ("handoffs", "/handoffs/"),
                ("handoffs, words", "/handoffs/?q=wing"),
                ("handoff, open", f"/handoffs/{latest}/"),
                ("notices", "/notices/"),
                ("how you are told", "/me/telling/"),
                ("outlets", "/outlets/"),
                ("activity", "/activity/"),
                ("first ten minutes", "/start/people/"),
            )
        ]
        measure(browser_of(lead), screens, requests=REQUESTS)


def _fill_team(cast: Cast, count: int) -> list[Member]:
    """Return all members of the workspace, in three places, most of them creators."""
    from yanzhen.people.actions.workspaces import add_member  # noqa: PLC0415 -- settings first
    from yanzhen.people.models import Member, Workspace  # noqa: PLC0415 -- settings first
    from yanzhen.people.tests.cast import make_user  # noqa: PLC0415 -- settings first

    for number in range(count - 5):
        user = make_user(f"Member {number:03}", zone=SITES[number % 3][1])
        role = ROLES[number // 3 % len(ROLES)]
        add_member(cast.workspace, user, role=role, further=(), now=BEGUN)
    cast.lena.further_roles.add(cast.admin.primary_role)
    Workspace.objects.filter(pk=cast.workspace.pk).update(lead=cast.lena)
    rows = Member.objects.with_roles().filter(workspace=cast.workspace)
    return list(rows.order_by("pk"))


def _fill_rota(cast: Cast, people: list[Member]) -> None:
    """Let three places follow the sun for a year, with leave, and the year ahead as it is laid."""
    from yanzhen.duty.actions.keeping import keep_rota  # noqa: PLC0415 -- settings first
    from yanzhen.duty.actions.leaving import take_leave  # noqa: PLC0415 -- settings first
    from yanzhen.duty.actions.presets import SiteWish, follow_the_sun  # noqa: PLC0415 -- settings
    from yanzhen.duty.models import Rota  # noqa: PLC0415 -- settings first
    from yanzhen.duty.rules.spans import Span  # noqa: PLC0415 -- settings first

    admin = next(member for member in people if member.pk == cast.admin.pk)
    able = [member for member in people if member.primary_role.slug == "team_lead"]
    crews = [[m for m in able if m.user.zone == zone][:CREW] for _name, zone, _hours in SITES]
    sites = [
        SiteWish(name=name, zone=zone, hours=hours, order=crew)
        for (name, zone, hours), crew in zip(SITES, crews, strict=True)
        if crew
    ]
    follow_the_sun(sites, by=admin, now=BEGUN)
    for number, member in enumerate(people[::2]):
        begins = NOW + timedelta(days=number % 90 + 1)
        span = Span(begins, begins + timedelta(days=number % 9 + 1))
        take_leave(member, span=span, by=admin, now=NOW - timedelta(days=1))
    for week in range(53):
        keep_rota(Rota.objects.get(workspace=cast.workspace), now=BEGUN + timedelta(weeks=week))


def _fill_handoffs(people: list[Member], count: int) -> int:
    """Keep a year of accepted handoffs with six points each; return the one that is open."""
    from yanzhen.handoff.actions.opening import open_handover  # noqa: PLC0415 -- settings first
    from yanzhen.handoff.models import (  # noqa: PLC0415 -- settings first
        Handover,
        HandoverState,
        Item,
        Section,
    )

    workspace = people[0].workspace
    step = timedelta(days=365) / max(count, 1)
    made = Handover.objects.bulk_create(
        Handover(
            workspace=workspace,
            state=HandoverState.ACCEPTED,
            outgoing=people[number % len(people)],
            receiver=people[(number + 1) % len(people)],
            note="The grey wing goes on. 灰雁继续领飞。",
            from_at=BEGUN + step * number,
            due_at=BEGUN + step * (number + 1),
            decided_at=BEGUN + step * (number + 1),
            decided_by=people[(number + 1) % len(people)],
            read_back="Two alerts are open, Berlin answers.",
            state_since_at=BEGUN + step * (number + 1),
        )
        for number in range(count)
    )
    sections = list(Section.objects.filter(workspace=workspace))
    Item.objects.bulk_create(
        Item(
            handover=handover,
            section=sections[number % len(sections)],
            text=f"Crop the wing tighter, {number}",
            owner=people[number % len(people)],
            done_at=handover.decided_at,
        )
        for handover in made
        for number in range(6)
    )
    due = NOW + timedelta(hours=1)
    lead, receiver = workspace.lead, next(m for m in people if m.pk != workspace.lead_id)
    return open_handover(workspace, to=receiver, due_at=due, by=None, now=NOW).pk if lead else 0


def _fill_notices(people: list[Member], count: int) -> None:
    """Tell everybody as much of what happened; who has the lead heard a quarter of it."""
    from django.db import transaction  # noqa: PLC0415 -- settings first

    from yanzhen.activity.refs import Ref  # noqa: PLC0415 -- settings first
    from yanzhen.activity.spine import record  # noqa: PLC0415 -- settings first
    from yanzhen.notify.models import Notice  # noqa: PLC0415 -- settings first
    from yanzhen.people.models import Member  # noqa: PLC0415 -- settings first
    from yanzhen.planning.models import Post  # noqa: PLC0415 -- settings first
    from yanzhen.review.events import STEP_RETURNED, StepDecided  # noqa: PLC0415 -- settings

    lead = Member.objects.get(pk=people[0].workspace.lead_id)
    posts = list(Post.objects.filter(workspace=lead.workspace).values_list("pk", flat=True)[:500])
    with transaction.atomic():
        events = [
            record(
                STEP_RETURNED,
                StepDecided(
                    post=posts[number % len(posts)],
                    level=1,
                    of=3,
                    reason="fact",
                    comment="Say who measured it.",
                    digest="0" * 64,
                ),
                actor=people[number % len(people)].ref,
                subject=Ref("review.round", str(number % len(posts) + 1), "Seat 7A"),
                workspace_id=lead.workspace_id,
                at=NOW - timedelta(minutes=7 * (count - number)),
            )
            for number in range(count)
        ]
        # Authors have been told of theirs by now.
        more = (
            Notice(
                workspace=lead.workspace,
                member=lead if number % 4 == 0 else people[number % len(people)],
                event=event.pk,
                kind=event.kind,
                url="/review/",
                at=event.at,
                seen_at=NOW if number < count * 9 // 10 else None,
            )
            for number, event in enumerate(events)
        )
        Notice.objects.bulk_create(more, ignore_conflicts=True)


def _lend(people: list[Member]) -> None:
    """Let twenty decide for twenty others this week."""
    from yanzhen.people.models import Delegation  # noqa: PLC0415 -- settings first

    pairs = zip(people[:20], people[20:40], strict=False)
    Delegation.objects.bulk_create(
        Delegation(
            workspace=giver.workspace,
            giver=giver,
            receiver=receiver,
            decisions=["review.team_lead"],
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=5),
            made_at=NOW - timedelta(days=1),
        )
        for giver, receiver in pairs
    )


if __name__ == "__main__":
    main()
