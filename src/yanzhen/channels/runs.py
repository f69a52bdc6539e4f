"""This room's errands: what the worker does for the pages about accounts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanzhen.channels import diagnosis, steps
from yanzhen.channels.actions import keys
from yanzhen.channels.actions.asking import CHECK
from yanzhen.channels.actions.checking import check_account
from yanzhen.channels.actions.connecting import paste_keys, trade_code
from yanzhen.channels.actions.leaving import REVOKE
from yanzhen.channels.actions.practising import connect_practice_account
from yanzhen.channels.actions.settings import PAIR, set_developer_app
from yanzhen.channels.actions.starting import CONNECT, KEYS, PRACTICE, CannotConnect
from yanzhen.channels.actions.stepping import reach_step
from yanzhen.channels.callback import callback_address
from yanzhen.channels.diagnosis import Doing, cause_of, words_of
from yanzhen.channels.errands import MOVED, Answer, ErrandKind, register_errand
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


def _practise(errand: Errand) -> Answer:
    now = clock.database_now()
    try:
        account = connect_practice_account(
            asked_by(errand), redirect_uri=callback_address(), now=now
        )
    except CannotConnect as refused:
        return Answer.failed(refused.code, **refused.words)
    return _connected(account)


def _connected(account: Account) -> Answer:
    return Answer.done(account=str(account.pk), handle=account.handle)


def _pair(errand: Errand) -> Answer:
    member, there = asked_by(errand), platform("x")
    client_id, confidential = errand.params["client_id"], errand.params["confidential"]
    secret = payload_of(errand)["client_secret"]
    if confidential and not secret:
        stored = DeveloperApp.objects.of(errand.workspace_id, "x", errand.origin)
        if stored is None or stored.client_id != client_id:
            return Answer.failed(MOVED)
        app = keys.open_app(stored)
    else:
        app = AppKeys(client_id=client_id, client_secret=secret)
    try:
        there.check_app(app)
    except PlatformError as error:
        code = cause_of(error, doing=Doing.PAIR)
        if code == "app_refused" and confidential and _is_known_as_public(client_id):
            code = "app_public"
        return Answer.failed(code, **words_of(error))
    now = clock.database_now()
    set_developer_app(
        member,
        client_id=client_id,
        client_secret=secret,
        confidential=confidential,
        now=now,
        checked=True,
    )
    reach_step(member, steps.SCOPES.slug, now=now)
    return Answer.done()


def _is_known_as_public(client_id: str) -> bool:
    try:
        platform("x").check_app(AppKeys(client_id=client_id))
    except PlatformError:
        return False
    return True


def _check(errand: Errand) -> Answer:
    account = _account_of(errand)
    if check_account(account, now=clock.database_now()):
        return Answer.done()
    return Answer.failed(account.problem or account.state, detail=account.problem_detail)


def _revoke(errand: Errand) -> Answer:
    account = _account_of(errand)
    if errand.params["kind"] != "oauth2":
        return Answer.done("by_hand")
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
    code, words = cause_of(error, doing=Doing.REVOKE), words_of(error)
    if error.code == "forbidden":
        return Answer.failed(code, **words)
    wait = timedelta(seconds=TRY_AGAIN[min(errand.attempts, len(TRY_AGAIN)) - 1])
    return Answer.later(clock.database_now() + wait, code, **words)


def _account_of(errand: Errand) -> Account:
    if errand.account is None:
        raise LookupError("this errand is about an account")
    return errand.account


def _account_page(errand: Errand) -> str:
    return reverse("account", args=[errand.account_id]) if errand.account_id else _accounts(errand)


def _accounts(_errand: Errand) -> str:
    return reverse("accounts")


def _checked_page(errand: Errand) -> str:
    """Lead back to where the check was asked for."""
    return reverse("accounts-health") if errand.params.get("from") else _account_page(errand)


def _result_page(errand: Errand) -> str:
    return reverse("account-confirm", args=[errand.words["account"]])


def _practised_page(errand: Errand) -> str:
    then = errand.params.get("then")
    return reverse(then) if then else reverse("account", args=[errand.words["account"]])


def _unpractised_page(errand: Errand) -> str:
    return reverse(errand.params.get("then") or "accounts-connect")


def _connect_page(errand: Errand) -> str:
    return _step_page(errand, "")


def _step_page(errand: Errand, step: str) -> str:
    query = {"step": step, "account": errand.account_id}
    told = urlencode({name: value for name, value in query.items() if value})
    return reverse("accounts-connect") + (f"?{told}" if told else "")


def _explain(errand: Errand) -> tuple[str, list[str]]:
    return diagnosis.explain(errand.code, errand.words)


def _explain_check(errand: Errand) -> tuple[str, list[str]]:
    return diagnosis.explain_problem(errand.code, errand.words)


register_errand(
    ErrandKind(
        slug=PAIR,
        run=_pair,
        asking=gettext_lazy("X is asked whether it knows this app…"),
        leads_to=lambda errand: _step_page(errand, steps.SCOPES.slug),
        said=lambda errand: _("X knows this app: client ID and secret belong together."),
        explain=_explain,
        back=lambda errand: _step_page(errand, steps.PAIR.slug),
        repeatable=True,
    )
)
register_errand(
    ErrandKind(
        slug=CONNECT,
        run=_connect,
        asking=gettext_lazy("X is asked whose account this is…"),
        leads_to=_result_page,
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
        leads_to=_result_page,
        explain=_explain,
        back=lambda errand: _step_page(errand, steps.PASTE.slug),
        repeatable=True,
    )
)
register_errand(
    ErrandKind(
        slug=PRACTICE,
        run=_practise,
        asking=gettext_lazy("The fake X makes an account…"),
        leads_to=_practised_page,
        said=lambda errand: (
            _("@%(handle)s is connected, for practice: nothing reaches the real X.")
            % {"handle": errand.words["handle"]}
        ),
        explain=_explain,
        back=_unpractised_page,
    )
)
register_errand(
    ErrandKind(
        slug=CHECK,
        run=_check,
        asking=gettext_lazy("X is asked about this account…"),
        leads_to=_checked_page,
        said=lambda errand: (
            _("X says all is well with %(account)s.") % {"account": str(errand.account)}
        ),
        explain=_explain_check,
        back=_checked_page,
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
