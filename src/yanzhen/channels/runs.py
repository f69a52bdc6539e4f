"""This room's errands: what the worker does for the pages about accounts."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanzhen.channels import diagnosis
from yanzhen.channels.actions import keys
from yanzhen.channels.actions.asking import CHECK
from yanzhen.channels.actions.checking import check_account
from yanzhen.channels.actions.connecting import paste_keys, trade_code
from yanzhen.channels.actions.leaving import REVOKE
from yanzhen.channels.actions.starting import CONNECT, KEYS, CannotConnect
from yanzhen.channels.errands import Answer, ErrandKind, register_errand
from yanzhen.channels.models import Account, Connecting, DeveloperApp, Errand
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import AppKeys, PlatformError
from yanzhen.channels.running import asked_by, payload_of
from yanzhen.kernel import clock

#: How long to wait before the next try at voiding tokens, by the tries made so far.
TRY_AGAIN = (10, 60, 300, 1800, 7200)
#: Answers to a revocation that say the token is no good any more, which is all we want.
_GONE = frozenset({"unauthorised", "refused", "not_found"})


def _connect(errand: Errand) -> Answer:
    told = payload_of(errand)
    waiting = Connecting.objects.select_related("account", "member").get(state=told["state"])
    now = clock.database_now()
    try:
        account = trade_code(waiting, by=asked_by(errand), code=told["code"], now=now)
    except CannotConnect as refused:
        return Answer.failed(refused.code, **refused.words)
    return _connected(account)


def _keys(errand: Errand) -> Answer:
    told = payload_of(errand)
    app = AppKeys(consumer_key=told["consumer_key"], consumer_secret=told["consumer_secret"])
    try:
        account = paste_keys(
            asked_by(errand),
            errand.account,
            app=app,
            access_token=told["access_token"],
            access_secret=told["access_secret"],
            now=clock.database_now(),
        )
    except CannotConnect as refused:
        return Answer.failed(refused.code, **refused.words)
    return _connected(account)


def _connected(account: Account) -> Answer:
    return Answer.done(account=str(account.pk), handle=account.handle)


def _check(errand: Errand) -> Answer:
    account = _account_of(errand)
    if check_account(account, now=clock.database_now()):
        return Answer.done()
    return Answer.failed(account.problem or account.state, detail=account.problem_detail)


def _revoke(errand: Errand) -> Answer:
    account = _account_of(errand)
    if errand.params["kind"] != "oauth2":
        return Answer.done("by_hand")
    if errand.origin != platform(account.platform).origin:
        return Answer.failed("elsewhere", handle=account.handle)
    row = DeveloperApp.objects.of(errand.workspace_id, account.platform, errand.origin)
    if row is None or row.client_id != errand.params["client_id"]:
        return Answer.failed("app_changed")
    _app, tokens = keys.unseal_tokens(errand.sealed, errand.place, kind="oauth2")
    try:
        platform(account.platform).revoke(keys.open_app(row), tokens)
    except PlatformError as error:
        return _not_revoked(errand, error)
    return Answer.done()


def _not_revoked(errand: Errand, error: PlatformError) -> Answer:
    if error.code in _GONE:
        return Answer.done("gone")
    if error.code == "forbidden":
        return Answer.failed("app_refused", detail=error.detail)
    wait = timedelta(seconds=TRY_AGAIN[min(errand.attempts, len(TRY_AGAIN)) - 1])
    return Answer.later(clock.database_now() + wait, error.code, detail=error.detail)


def _account_of(errand: Errand) -> Account:
    if errand.account is None:
        raise LookupError("this errand is about an account")
    return errand.account


def _account_page(errand: Errand) -> str:
    pk = errand.words.get("account") or errand.account_id
    return reverse("account", args=[pk]) if pk else reverse("accounts")


def _connect_page(errand: Errand) -> str:
    where = reverse("accounts-connect")
    return f"{where}?account={errand.account_id}" if errand.account_id else where


def _explain(errand: Errand) -> tuple[str, list[str]]:
    return diagnosis.explain(errand.code, errand.words)


def _explain_check(errand: Errand) -> tuple[str, list[str]]:
    return diagnosis.explain_problem(errand.code, errand.words)


register_errand(
    ErrandKind(
        slug=CONNECT,
        run=_connect,
        asking=gettext_lazy("X is asked whose account this is…"),
        leads_to=_account_page,
        said=lambda errand: _("@%(handle)s is connected.") % {"handle": errand.words["handle"]},
        explain=_explain,
        back=_connect_page,
        # A code is good for one use: whatever became of it, a second try cannot work.
        lease_seconds=45,
    )
)
register_errand(
    ErrandKind(
        slug=KEYS,
        run=_keys,
        asking=gettext_lazy("X is asked whose keys these are…"),
        leads_to=_account_page,
        said=lambda errand: _("@%(handle)s is connected.") % {"handle": errand.words["handle"]},
        explain=_explain,
        back=_connect_page,
        repeatable=True,
    )
)
register_errand(
    ErrandKind(
        slug=CHECK,
        run=_check,
        asking=gettext_lazy("X is asked about this account…"),
        leads_to=_account_page,
        said=lambda errand: (
            _("X says all is well with %(account)s.") % {"account": str(errand.account)}
        ),
        explain=_explain_check,
        back=_account_page,
        repeatable=True,
        lease_seconds=90,
    )
)
register_errand(
    ErrandKind(
        slug=REVOKE,
        run=_revoke,
        asking=gettext_lazy("X is asked to void the old keys…"),
        leads_to=_account_page,
        explain=_explain,
        back=_account_page,
        repeatable=True,
        attempts=len(TRY_AGAIN) + 1,
    )
)
