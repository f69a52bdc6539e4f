"""Why something about an account did not work, in words: what happened, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yanzhen.channels.ports import PlatformError
from yanzhen.channels.states import AccountState, Problem


class Doing(StrEnum):
    """What we were doing when the platform said no; the same answer means other things."""

    PAIR = "pair"
    """Asking whether it knows the app."""
    CODE = "code"
    """Trading the code it sent somebody back with."""
    OWNER = "owner"
    """Asking whose new tokens these are."""
    KEYS = "keys"
    """Asking whose pasted keys these are."""
    REVOKE = "revoke"
    """Voiding tokens."""


@dataclass(frozen=True)
class Diagnosis:
    """What happened, and the steps that help. Texts take the words of CannotConnect by name."""

    title: str | Promise
    steps: tuple[str | Promise, ...]


_AGAIN = _("Start again from here.")
_NOT_CHANGED = _("Nothing was changed.")
_READ_WRITE = _(
    "In the developer portal, open the app's “User authentication settings” and set the app"
    " permissions to “Read and write”. Then connect again: permissions count from then on."
)

DIAGNOSES: Mapping[str, Diagnosis] = {
    "no_app": Diagnosis(
        _("No X app yet"),
        (_("Make an app in X's developer portal and enter its client ID here."),),
    ),
    "not_waiting": Diagnosis(
        _("This agreement is not expected any more"),
        (
            _("It was used already, is older than ten minutes, or was started by somebody else."),
            _AGAIN,
        ),
    ),
    "denied": Diagnosis(
        _("Nobody agreed at X"),
        (_("Start again, and choose “Authorize app” when X asks."),),
    ),
    "app_refused": Diagnosis(
        _("X refuses the X app"),
        (
            _(
                "Copy client ID and client secret again from the app's “Keys and tokens”, under"
                " “OAuth 2.0”. The API key above them is another one."
            ),
            _("If the secret was made anew there, only the newest one counts."),
            _("The type of app must be the one chosen in the first step."),
        ),
    ),
    "app_public": Diagnosis(
        _("X knows this app as a native one"),
        (
            _(
                "X takes its client ID without a secret. Go back to the first step and choose"
                " “Native App”, or change the type in the developer portal to “Web App, Automated"
                " App or Bot” and copy the new secret."
            ),
        ),
    ),
    "code_refused": Diagnosis(
        _("X did not take the code"),
        (
            _("X gives it 30 seconds, and for one use. Start again and stay on the page."),
            _("If it happens again, compare the callback address in the developer portal."),
        ),
    ),
    "callback_refused": Diagnosis(
        _("X refuses the callback address"),
        (_("Enter the callback address in the developer portal exactly as the wizard shows it."),),
    ),
    "x_page_error": Diagnosis(
        _("X sent you back with an error"),
        (
            _("Compare app type, permissions and callback address with the first steps."),
            _AGAIN,
        ),
    ),
    "keys_refused": Diagnosis(
        _("X refuses these keys"),
        (
            _("Copy all four keys again; making new ones voids the old ones."),
            _("Set the app's permission to “Read and write” first, then make the access token."),
        ),
    ),
    "clock_wrong": Diagnosis(
        _("The clock of this server is wrong"),
        (
            _("It differs from X's clock by %(seconds)s seconds. X refuses pasted keys then."),
            _("Set the server's clock, for instance by switching time synchronisation on."),
        ),
    ),
    "token_refused": Diagnosis(
        _("X refuses the access it has just given"),
        (
            _("Somebody may have withdrawn it at X at the same moment."),
            _("Start again. If it happens again, look at the app in the developer portal."),
        ),
    ),
    "read_only": Diagnosis(
        _("These keys may only read"),
        (
            _READ_WRITE,
            _("Make the access token and its secret anew afterwards, and paste the new ones."),
        ),
    ),
    "wrong_account": Diagnosis(
        _("That is another account"),
        (
            _("Asked for: @%(expected)s. X says these are the keys to @%(found)s."),
            _("Sign in at X as @%(expected)s, then connect again. Nothing was changed."),
        ),
    ),
    "elsewhere": Diagnosis(
        _("This account belongs to another server"),
        (
            _("@%(handle)s was connected while another X address was set."),
            _("Practice accounts stay in practice, and accounts at X stay at X."),
        ),
    ),
    "practice_closed": Diagnosis(
        _("The fake X makes no account"),
        (
            _("It makes accounts only for a Yanzhen on the same machine, and while it runs."),
            _("Accounts that it has can be connected all the same, with an X app made there."),
        ),
    ),
    "scopes_missing": Diagnosis(
        _("X did not allow enough"),
        (_("Missing: %(scopes)s."), _READ_WRITE),
    ),
    "account_suspended": Diagnosis(
        _("X has suspended this account"),
        (_("Sign in at X as the account; X says there why, and how to appeal."),),
    ),
    "account_locked": Diagnosis(
        _("X has locked this account"),
        (_("Sign in at X as the account and answer what X asks. Then connect again."),),
    ),
    "app_suspended": Diagnosis(
        _("X has suspended the X app"),
        (
            _("Look into the developer portal and the mail of its owner; X says there why."),
            _("Until X lifts it, nothing goes out to any account connected through this app."),
        ),
    ),
    "client_forbidden": Diagnosis(
        _("X does not let this app use its API"),
        (
            _(
                "In the developer portal, put the app into a project with a plan or with credits:"
                " apps outside of one may not call this."
            ),
        ),
    ),
    "unsupported_auth": Diagnosis(
        _("X does not accept this kind of key here"),
        (
            _("These are keys of the app alone, not of an account. Connect as the account."),
            _("With pasted keys, all four are needed: API key, access token and both secrets."),
        ),
    ),
    "forbidden": Diagnosis(
        _("X does not allow this"),
        (
            _("See on X whether the account or the app is locked, suspended or waits for a check."),
            _READ_WRITE,
        ),
    ),
    "no_credits": Diagnosis(
        _("The X app has no credits left"),
        (
            _("Buy credits in X's developer portal, then try again. Waiting does not help."),
            _NOT_CHANGED,
        ),
    ),
    "spend_cap": Diagnosis(
        _("The spending limit of the X app is reached"),
        (
            _("Raise the limit in X's developer portal, or wait until the billing cycle ends."),
            _NOT_CHANGED,
        ),
    ),
    "rate_limited": Diagnosis(
        _("X asks us to wait"),
        (_("Too many calls were made in a short time. Try again in a quarter of an hour."),),
    ),
    "x_down": Diagnosis(
        _("X has trouble itself"),
        (_("X answered with a fault of its own (%(status)s). Try again in a few minutes."),),
    ),
    "no_name": Diagnosis(
        _("The name of X's server is not found"),
        (_("This server cannot look names up. See to its DNS, then try again."),),
    ),
    "no_connection": Diagnosis(
        _("Nobody answers at X's address"),
        (_("See whether a firewall keeps this server from reaching the internet on port 443."),),
    ),
    "no_tls": Diagnosis(
        _("No secure connection to X"),
        (
            _("The certificate was not accepted. See that this server's clock is right."),
            _("A proxy that opens connections must be known to this server."),
        ),
    ),
    "slow": Diagnosis(
        _("X did not answer in time"),
        (_("Try again in a minute."), _NOT_CHANGED),
    ),
    "unreadable": Diagnosis(
        _("X's answer cannot be read"),
        (
            _("Something between here and X may have answered in its place, such as a proxy."),
            _("Try again in a minute."),
        ),
    ),
    "unreachable": Diagnosis(
        _("X did not answer"),
        (
            _("Try again in a minute."),
            _("If it stays so, see whether this server reaches the internet."),
        ),
    ),
    "sealed": Diagnosis(
        _("The stored secrets cannot be opened"),
        (_("Put back the keys folder from your backup, or enter the X app again."),),
    ),
    "no_keys": Diagnosis(
        _("The worker has never run here"),
        (_("It makes the keys that secrets are sealed with. Start `yanzhen work` once."),),
    ),
    "app_changed": Diagnosis(
        _("The X app was replaced meanwhile"),
        (_("Only the app that made the access can void it. Do it at X by hand."),),
    ),
    "worker_died": Diagnosis(
        _("The worker stopped in the middle of it"),
        (
            _("What X gave us for this was good for one use, so it was not tried again."),
            _("See that `yanzhen work` runs, then start again."),
        ),
    ),
    "broken": Diagnosis(
        _("Something here went wrong"),
        (
            _("Nothing was changed that this page knows of. Try again."),
            _("If it happens again, the worker's log says where."),
        ),
    ),
    "not_allowed": Diagnosis(
        _("You may not do this any more"),
        (_("Your roles have changed. An administrator can connect accounts."),),
    ),
    "moved": Diagnosis(
        _("Somebody was faster"),
        (_("The account has changed meanwhile. See how it stands now, then decide again."),),
    ),
}

#: Where no answer came, by what failed on the way.
_ON_THE_WAY = {"lookup": "no_name", "connect": "no_connection", "tls": "no_tls"}
#: By X's own slugs and the numbers of its older errors.
_BY_PROBLEM = {
    "client-forbidden": "client_forbidden",
    "client-not-enrolled": "client_forbidden",
    "unsupported-authentication": "unsupported_auth",
    "spend-cap": "spend_cap",
    "code-64": "account_suspended",
    "code-135": "clock_wrong",
    "code-326": "account_locked",
    "code-416": "app_suspended",
}
_REFUSED = {
    Doing.CODE: "code_refused",
    Doing.KEYS: "keys_refused",
    Doing.OWNER: "token_refused",
    Doing.PAIR: "app_refused",
    Doing.REVOKE: "token_refused",
}


def cause_of(error: PlatformError, *, doing: Doing) -> str:
    """Return the diagnosis that an error of the platform's calls for."""
    if error.code == "unsent":
        return _ON_THE_WAY.get(error.reason, "unreachable")
    if error.problem in _BY_PROBLEM:
        return _BY_PROBLEM[error.problem]
    plain = {
        "timeout": "slow",
        "server_error": "x_down",
        "unreadable": "unreadable",
        "no_credits": "no_credits",
        "spend_cap": "spend_cap",
        "rate_limited": "rate_limited",
        "unauthorised": _REFUSED[doing],
    }
    if error.code in plain:
        return plain[error.code]
    if error.code in ("forbidden", "refused", "suspended"):
        return _by_words(error, doing)
    return "unreachable"


def _by_words(error: PlatformError, doing: Doing) -> str:
    words = error.detail.lower()
    if "suspended" in words:
        return "app_suspended" if "app" in words else "account_suspended"
    if "locked" in words:
        return "account_locked"
    if "timestamp" in words:
        return "clock_wrong"
    if error.code == "refused":
        return "callback_refused" if doing == Doing.CODE else _REFUSED[doing]
    return "app_refused" if doing in (Doing.PAIR, Doing.CODE, Doing.REVOKE) else "forbidden"


def words_of(error: PlatformError) -> dict[str, str]:
    """Return what a diagnosis may say about the error; the platform's own words among them."""
    words = {"detail": error.detail if error.status else "", "status": str(error.status or "")}
    return {name: word for name, word in words.items() if word}


def explain(code: str, words: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return title and steps in the reader's language; X's own words follow when there are any."""
    found = DIAGNOSES.get(code, DIAGNOSES["broken"])
    steps = [_filled(str(step), words) for step in found.steps]
    return str(found.title), [*steps, *_own_words(words)]


def explain_problem(code: str, words: Mapping[str, str]) -> tuple[str, list[str]]:
    """Do so for an account that was asked about: ``code`` is a Problem, a state, or one above."""
    known = {**dict(AccountState.choices), **dict(Problem.choices)}
    if code not in known:
        return explain(code, words)
    return _now("The connection needs a look"), [str(known[code]), *_own_words(words)]


def _own_words(words: Mapping[str, str]) -> list[str]:
    detail = words.get("detail")
    return [_now("X's own words: %(detail)s") % {"detail": detail}] if detail else []


def _filled(step: str, words: Mapping[str, str]) -> str:
    return step % _Blank(words) if "%(" in step else step


class _Blank(dict[str, str]):
    """Words by name; one that was not told is a dash rather than a fault of the page."""

    def __missing__(self, name: str) -> str:
        return "–"
