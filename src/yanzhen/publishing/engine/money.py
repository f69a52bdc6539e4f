"""Money at X: what an account may still spend, what it has spent, and apps that have none left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.channels.models import Account, Credential
from yanzhen.channels.prices import Charge, charges_of
from yanzhen.people.models import Member
from yanzhen.publishing import events
from yanzhen.publishing.models import Budget, Delivery, Pause, Spend

DAY = timedelta(days=1)
#: On the day itself that X names as the end of a spend cap, it is asked so often.
ASK_AGAIN_AFTER = timedelta(hours=1)


def month_of(now: datetime) -> str:
    """Return the month X bills, "2026-11", by UTC."""
    return now.astimezone(UTC).strftime("%Y-%m")


def spent(account_id: int, *, now: datetime) -> int:
    """Return what the account has spent this month, in micro-dollars."""
    rows = Spend.objects.filter(account_id=account_id, month=month_of(now))
    return rows.aggregate(total=Sum("micros"))["total"] or 0


def over_budget(delivery: Delivery, price_micros: int, *, now: datetime) -> bool:
    """Tell whether this would cost more than the account may spend this month.

    What is kept for crises is open only to a post that a member let out at once.
    """
    budget = Budget.objects.filter(account_id=delivery.account_id).first()
    if budget is None:
        return False
    share = 100 if delivery.uses_reserve else 100 - budget.reserve_percent
    allowed = budget.monthly_micros * share // 100
    return spent(delivery.account_id, now=now) + price_micros > allowed


def charges_for(delivery: Delivery, payload: Mapping[str, Any]) -> tuple[Charge, ...]:
    """Return what X charges for sending ``payload`` (see prepare.payload_of)."""
    return charges_of(
        payload.get("text", ""),
        answers_other=delivery.after_id is None and bool(payload.get("reply_to_id")),
        described_media=sum(bool(use.get("alt")) for use in payload.get("media", ())),
        repost="reposts_id" in payload,
    )


def charge(
    account: Account,
    charges: Iterable[Charge],
    *,
    delivery: Delivery | None = None,
    now: datetime,
) -> None:
    """Write down what X charged; for the transaction that learns of it."""
    Spend.objects.bulk_create(
        Spend(
            account=account,
            delivery=delivery,
            what=each.what,
            micros=each.micros,
            month=month_of(now),
            at=now,
        )
        for each in charges
    )


def app_of(account: Account) -> str:
    """Return which X app pays for this account: its client ID, or the account's own keys."""
    credential = Credential.objects.filter(account=account).first()
    if credential is not None and credential.client_id:
        return credential.client_id
    return f"keys:{account.pk}"


@transaction.atomic
def pause_app(
    account: Account, code: str, *, detail: str, until: datetime | None, now: datetime
) -> None:
    """Ask nothing more of X through the account's app; nothing when it is paused already.

    An end that has passed is not believed, unless it is of today: X names a day, and the cap falls
    at some hour of it. Then it is asked again in an hour.
    """
    if until is not None and until <= now:
        until = now + ASK_AGAIN_AFTER if now - until < DAY else None
    app = app_of(account)
    try:
        with transaction.atomic():
            Pause.objects.create(
                workspace_id=account.workspace_id,
                app=app,
                code=code,
                detail=detail[:300],
                since_at=now,
                until_at=until,
            )
    except IntegrityError:
        return
    _tell(events.APP_PAUSED, account.workspace_id, app, code, by=SYSTEM, now=now)


def open_pauses(workspace_id: int | None = None) -> Sequence[Pause]:
    """Return the apps without money, of one workspace or of all, oldest first."""
    rows = Pause.objects.filter(lifted_at=None)
    if workspace_id is not None:
        rows = rows.filter(workspace_id=workspace_id)
    return list(rows.order_by("since_at", "pk"))


def paused_accounts(workspace_id: int | None = None) -> set[int]:
    """Return the accounts whose app has no money left; costs one query while none has run out."""
    accounts: set[int] = set()
    for pause in open_pauses(workspace_id):
        if pause.app.startswith("keys:"):
            accounts.add(int(pause.app.removeprefix("keys:")))
            continue
        rows = Credential.objects.filter(
            client_id=pause.app, account__workspace_id=pause.workspace_id
        )
        accounts.update(rows.values_list("account_id", flat=True))
    return accounts


def lift_ended(now: datetime) -> int:
    """Lift the pauses whose end X has named and that is past; return how many."""
    ended = Pause.objects.filter(Q(until_at__lte=now), lifted_at=None)
    return sum(lift(pause, by=None, now=now) for pause in list(ended))


@transaction.atomic
def lift(pause: Pause, *, by: Member | None, now: datetime) -> bool:
    """Let the app be asked again; False when it was lifted meanwhile."""
    rows = Pause.objects.filter(pk=pause.pk, lifted_at=None)
    if not rows.update(lifted_at=now, lifted_by=by):
        return False
    actor = SYSTEM if by is None else by.ref
    _tell(events.APP_RESUMED, pause.workspace_id, pause.app, pause.code, by=actor, now=now)
    return True


def _tell(kind: Kind, workspace_id: int, app: str, code: str, *, by: Ref, now: datetime) -> None:
    record(
        kind,
        events.AppMoney(code=code),
        actor=by,
        subject=Ref("channels.developerapp", app, app),
        workspace_id=workspace_id,
        at=now,
    )
