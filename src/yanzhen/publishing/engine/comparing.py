"""Comparing a restored copy with X: what went out after the backup was made is linked, not sent.

Runs only while a gate is closed because the database was restored. Each account with anything left
to send is asked for its own posts since the newest one we know: at once, and again when X must show
whatever was sent before the freeze. Posts that are due later are compared as well, for somebody may
have hurried them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import record
from yanzhen.channels.actions import NotConnected
from yanzhen.channels.models import Account
from yanzhen.channels.ports import PlatformError, Reader, RemotePost
from yanzhen.people.models import Workspace
from yanzhen.planning.models import content_of
from yanzhen.publishing import events
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.compared import (
    accounts_of,
    is_settled,
    missing,
    settles_at,
    unfinished,
)
from yanzhen.publishing.engine.matching import CLOCKS_MAY_DIFFER, matches, sought_of
from yanzhen.publishing.engine.prepare import newest_known_id, payload_of
from yanzhen.publishing.engine.reconcile import ask
from yanzhen.publishing.models import (
    Attempt,
    Comparison,
    Delivery,
    Gate,
)
from yanzhen.publishing.states import Conclusion, GateCause

logger = logging.getLogger(__name__)
PAGE = 100
#: X shows no more than 3,200 posts of an account.
MOST_PAGES = 32
AFTER_TROUBLE = timedelta(seconds=60)


def awaiting() -> Sequence[Gate]:
    """Return the gates closed because of a restore that are not compared with X yet."""
    closed = Gate.objects.filter(frozen=True, cause=GateCause.RESTORED, reconciled_at=None)
    return list(closed.order_by("pk"))


def compare(now: datetime) -> int:
    """Compare what is due to be compared at ``now``; return how many accounts X was asked about."""
    done = 0
    for gate in awaiting():
        for account in accounts_of(gate):
            if _is_due(gate, account, now=now):
                _compare(gate, account, now=now)
                done += 1
        _conclude(gate, now=now)
    return done


def _is_due(gate: Gate, account: Account, *, now: datetime) -> bool:
    one = Comparison.objects.filter(gate=gate, epoch=gate.epoch, account=account).first()
    if one is None:
        return True
    if one.trouble:
        return now >= one.tried_at + AFTER_TROUBLE
    return not is_settled(one, gate) and now >= settles_at(gate, now)


def _compare(gate: Gate, account: Account, *, now: datetime) -> None:
    """Ask X about one account, link what it shows, and write down how that went."""
    waiting = _in_order(gate, account)
    try:
        shown = ask(account, lambda line: _posts_since(line, account, waiting), now=now)
    except (NotConnected, PlatformError) as error:
        _note(gate, account, now=now, trouble=_words(account, error))
        return
    found = sum(_link(delivery, shown, now=now) for delivery in waiting)
    _note(gate, account, now=now, found=found)


def _words(account: Account, error: NotConnected | PlatformError) -> str:
    """Return a slug for what only people can help with (a Problem or state), else X's words."""
    if isinstance(error, NotConnected):
        return error.problem or str(account.state)
    return str(error)[:300]


def _in_order(gate: Gate, account: Account) -> list[Delivery]:
    """Return the account's unfinished deliveries as they would have gone out."""
    waiting = unfinished(gate).filter(account=account).select_related("account", "version")
    return list(waiting.order_by("due_at", "post_id", "occurrence", "position"))


def _since(account: Account, waiting: Sequence[Delivery]) -> str:
    """Return the newest id that surely is older than all we look for, "" for none."""
    ids = [newest_known_id(account)]
    tries = Attempt.objects.filter(delivery__in=waiting)
    landed = tries.exclude(conclusion__in=(Conclusion.UNSENT, Conclusion.ABSENT))
    ids += list(landed.values_list("since_id", flat=True))
    return str(min((int(one) if one.isdigit() else 0) for one in ids) or "")


def _posts_since(line: Reader, account: Account, waiting: Sequence[Delivery]) -> list[RemotePost]:
    """Return the account's own posts that any of ``waiting`` could be. Raises PlatformError."""
    since_id = _since(account, waiting)
    first = min((d.created_at for d in waiting), default=None)
    shown: list[RemotePost] = []
    for _page in range(MOST_PAGES):
        until_id = shown[-1].id if shown else ""
        page = line.own_posts(account.remote_id, since_id=since_id, until_id=until_id, limit=PAGE)
        shown += page
        if len(page) < PAGE or first is None or page[-1].created_at < first - CLOCKS_MAY_DIFFER:
            return shown
    raise PlatformError("cut", "X does not show all posts that were made since the backup")


def _link(delivery: Delivery, shown: Sequence[RemotePost], *, now: datetime) -> bool:
    """Link the oldest post that can only be this delivery; True when there was one."""
    parent = ""
    if delivery.after_id is not None:
        # It may have been linked a moment ago, by this very comparison.
        parent = Delivery.objects.values_list("remote_id", flat=True).get(pk=delivery.after_id)
        if not parent:
            return False
    content = content_of(delivery.version)
    payload = payload_of(delivery, content, reply_to_id=parent or content.terms.reply_to)
    # Not from its due time on: somebody may have hurried it.
    wanted = sought_of(payload, delivery.created_at)
    taken = Delivery.objects.filter(
        account__remote_id=delivery.account.remote_id,
        account__origin=delivery.account.origin,
        remote_id__in=[post.id for post in shown],
    ).values_list("remote_id", flat=True)
    found = matches(wanted, shown, linked=taken)
    if not found:
        return False
    try:
        return outcome.publish(delivery.pk, outcome.Found(found[0].id, by_looking=True), now=now)
    except IntegrityError:
        logger.exception("delivery %s: somebody linked that post first", delivery.pk)
        return False


def _note(
    gate: Gate, account: Account, *, now: datetime, found: int = 0, trouble: str = ""
) -> None:
    """Write down one try; what was found before stays counted."""
    one, _made = Comparison.objects.get_or_create(
        gate=gate, epoch=gate.epoch, account=account, defaults={"tried_at": now}
    )
    rows = Comparison.objects.filter(pk=one.pk)
    if trouble:
        rows.update(tried_at=now, trouble=trouble)
    else:
        rows.update(tried_at=now, asked_at=now, trouble="", found=one.found + found)


@transaction.atomic
def _conclude(gate: Gate, *, now: datetime) -> None:
    """Say once that the gate's accounts are compared, when they are."""
    if missing(gate, now=now):
        return
    rows = Gate.objects.filter(pk=gate.pk, epoch=gate.epoch, frozen=True, reconciled_at=None)
    if not rows.update(reconciled_at=now):
        return
    known = Comparison.objects.filter(gate=gate, epoch=gate.epoch)
    scope = Workspace.objects.order_by("pk")
    if gate.workspace_id is not None:
        scope = scope.filter(pk=gate.workspace_id)
    for workspace in scope:
        ours = list(known.filter(account__workspace=workspace))
        record(
            events.RECONCILED,
            events.Reconciled(accounts=len(ours), found=sum(one.found for one in ours)),
            actor=SYSTEM,
            subject=Ref("publishing.gate", gate.key, workspace.name),
            workspace_id=workspace.pk,
            at=now,
        )
