"""The ideas of the demo brand: some only thought of, some with a brief, one dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanzhen.channels.models import Account
from yanzhen.ideas.actions.ideas import Wish, add_idea, move_idea, set_vote
from yanzhen.people.models import Member
from yanzhen.planning.models import Campaign


@dataclass(frozen=True, slots=True)
class Thought:
    """One idea. With a ``goal`` it is a brief; ``deadline`` counts days from today.

    ``voters`` are for it beside its author ``who``.
    """

    title: str
    who: str
    note: str = ""
    voters: tuple[str, ...] = ()
    campaign: str = ""
    goal: str = ""
    audience: str = ""
    message: str = ""
    deadline: int | None = None
    owner: str = ""
    accounts: tuple[str, ...] = ()
    dropped: bool = False


THOUGHTS: tuple[Thought, ...] = (
    Thought(
        "One bag, three climates",
        "aylin",
        "Same bag in the Alps, in Lisbon and in Shanghai. Three pictures, one packing list.",
        ("maya", "jonas", "lena", "zhou"),
        campaign="travel-light",
    ),
    Thought("地铁早高峰里的十升背包", "zhou", "不摆拍，跟拍一位同事的一周。", ("lin", "chen")),
    Thought("What our repair shop throws away: almost nothing", "jonas", voters=("priya",)),
    Thought(
        "Questions people ask before their first long flight",
        "chen",
        "Twelve of last month’s forty replies asked about batteries in hand luggage.",
        ("jonas",),
    ),
    Thought(
        "The week of the loose strap",
        "maya",
        "Five short posts, one repair each; the last one is done by a reader.",
        ("lena", "aylin", "priya"),
        campaign="repair-day",
        goal="Two hundred people sign up for a repair day",
        audience="Owners of a bag older than two years",
        message="Most of what breaks can be mended in ten minutes",
        deadline=4,
        owner="aylin",
        accounts=("main", "de"),
    ),
    Thought(
        "春运前的行李清单",
        "lin",
        "三条：回家、旅行、出差，各一张图。",
        ("zhou", "chen", "maya"),
        campaign="travel-light",
        goal="收藏数达到平日的两倍",
        audience="春节要坐长途车的年轻人",
        message="带得少，走得稳",
        deadline=9,
        owner="zhou",
        accounts=("zh",),
    ),
    Thought("A quiz on airport codes", "maya", "Fun, but it says nothing about us.", dropped=True),
)


def have_ideas(
    members: Mapping[str, Member],
    accounts: Mapping[str, Account],
    campaigns: Mapping[str, Campaign],
    *,
    now: datetime,
) -> None:
    """Put the thoughts on the board; ``members`` with roles and workspace, as actions want."""
    for age, thought in enumerate(reversed(THOUGHTS)):
        at = now - timedelta(hours=7 * (len(THOUGHTS) - age))
        by = members[thought.who]
        days = timedelta(days=thought.deadline or 0)
        wish = Wish(
            title=thought.title,
            note=thought.note,
            campaign=campaigns.get(thought.campaign),
            goal=thought.goal,
            audience=thought.audience,
            message=thought.message,
            deadline_date=(now + days).astimezone(by.workspace.tz).date() if days else None,
            owner=members.get(thought.owner),
            accounts=[accounts[key] for key in thought.accounts],
        )
        idea = add_idea(wish=wish, by=by, now=at)
        for voter in thought.voters:
            set_vote(idea, wanted=True, by=members[voter], now=at)
        if thought.goal:
            move_idea(idea, move="brief", by=by, now=at)
        elif thought.dropped:
            move_idea(idea, move="drop", by=by, now=at)
