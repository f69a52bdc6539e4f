"""The team and its posts, made once through the public actions; every seed starts from them."""

from __future__ import annotations

from dataclasses import dataclass, field

from yanzhen.channels.actions import connect_with_tokens
from yanzhen.channels.models import Account
from yanzhen.channels.ports import AppKeys, Tokens
from yanzhen.people.tests.cast import NOW, Cast, make_cast
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.content import PostKind
from yanzhen.planning.models import Campaign, Post
from yanzhen.publishing.tests.simulation.remote import RemoteX
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.tests.rounds import all_ticked, waiting_step

FERROW, FERROW_DE = "101", "102"
#: An own post that is out since before, for the edit; and somebody else's, for the repost.
OLD_POST, THEIRS = "1000", "2000"


@dataclass
class Team:
    """Who plays. ``posts`` have passed review and have no time yet."""

    cast: Cast
    accounts: list[Account]
    campaign: Campaign
    posts: list[int] = field(default_factory=list)


def keys_of(remote_id: str) -> dict:
    """Return what connects the account whose id at X is ``remote_id``."""
    return {"app": AppKeys(), "tokens": Tokens("oauth1", remote_id, secret="s")}


def approve(post: Post, cast: Cast, *, now) -> None:
    """Sign and pass it on both levels."""
    round_ = submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=now)
    for member in (cast.lin, cast.lena):
        pass_step(waiting_step(round_), by=member, now=now)


def make_team(x: RemoteX) -> Team:
    """Make the cast, two accounts and a pool of passed posts of every shape."""
    x.handles = {FERROW: "Ferrow", FERROW_DE: "FerrowDE"}
    cast = make_cast()
    one, two = (
        connect_with_tokens(cast.admin, None, **keys_of(pk), now=NOW) for pk in (FERROW, FERROW_DE)
    )
    campaign = Campaign.objects.create(workspace=cast.workspace, name="Spring", code="spring")
    team = Team(cast, [one, two], campaign)
    shapes = (
        (one, ("Goose A takes the lead.",), {}),
        (one, ("Thread 1/3", "Thread 2/3", "Thread 3/3"), {}),
        (one, ("Goose B takes the lead.",), {"campaign": campaign}),
        (one, ("The old words, corrected.",), {"kind": PostKind.EDIT, "target_id": OLD_POST}),
        (one, ("Goose C takes the lead.",), {}),
        (two, ("Gans D fliegt vorn.",), {}),
        (two, ("Faden 1/2", "Faden 2/2"), {"campaign": campaign}),
        (two, ("",), {"kind": PostKind.REPOST, "target_id": THEIRS}),
        (two, ("Gans E fliegt vorn.",), {}),
    )
    for account, texts, more in shapes:
        post = create_post(account=account, by=cast.zhou, texts=texts, now=NOW, **more)
        approve(post, cast, now=NOW)
        team.posts.append(post.pk)
    return team
