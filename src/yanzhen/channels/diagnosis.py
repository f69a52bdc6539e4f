"""Why connecting an account did not work, in words: what happened, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.channels.states import AccountState, Problem


@dataclass(frozen=True)
class Diagnosis:
    """What happened, and the steps that help. Texts take the words of CannotConnect by name."""

    title: str | Promise
    steps: tuple[str | Promise, ...]


DIAGNOSES: Mapping[str, Diagnosis] = {
    "no_app": Diagnosis(
        _("No X app yet"),
        (_("Make an app in X's developer portal and enter its client ID here."),),
    ),
    "not_waiting": Diagnosis(
        _("This agreement is not expected any more"),
        (
            _("It was used already, is older than ten minutes, or was started by somebody else."),
            _("Start again from here."),
        ),
    ),
    "denied": Diagnosis(
        _("Nobody agreed at X"),
        (_("Start again, and choose “Authorize app” when X asks."),),
    ),
    "app_refused": Diagnosis(
        _("X refuses the X app"),
        (
            _("Compare client ID and client secret with the developer portal, letter by letter."),
            _("A confidential app has a client secret, a public one has none: choose the same."),
        ),
    ),
    "code_refused": Diagnosis(
        _("X did not take the code"),
        (
            _("X gives it 30 seconds. Start again."),
            _("If it happens again, compare the callback address in the developer portal."),
        ),
    ),
    "callback_refused": Diagnosis(
        _("X refuses the callback address"),
        (_("Enter the callback address in the developer portal exactly as shown here."),),
    ),
    "keys_refused": Diagnosis(
        _("X refuses these keys"),
        (
            _("Copy all four keys again; making new ones voids the old ones."),
            _("Set the app's permission to “Read and write” first, then make the access token."),
            _("The clock of this server must be right to the minute."),
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
    "scopes_missing": Diagnosis(
        _("X did not allow enough"),
        (
            _("Missing: %(scopes)s."),
            _("Set the app's permission to “Read and write”, then connect again."),
        ),
    ),
    "forbidden": Diagnosis(
        _("X does not allow this"),
        (
            _("See on X whether the account or the app is locked, suspended or waits for a check."),
            _("Set the app's permission to “Read and write” in the developer portal."),
        ),
    ),
    "no_credits": Diagnosis(
        _("The X app has no credits left"),
        (_("Buy credits in X's developer portal, then connect again."),),
    ),
    "rate_limited": Diagnosis(
        _("X asks us to wait"),
        (_("Try again in a quarter of an hour."),),
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


def explain(code: str, words: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return title and steps in the reader's language; X's own words follow when there are any."""
    found = DIAGNOSES.get(code, DIAGNOSES["broken"])
    steps = [str(step) % dict(words) if "%(" in str(step) else str(step) for step in found.steps]
    if words.get("detail"):
        steps.append(str(_("X's own words: %(detail)s")) % {"detail": words["detail"]})
    return str(found.title), steps


def explain_problem(code: str, words: Mapping[str, str]) -> tuple[str, list[str]]:
    """Do so for an account that was asked about: ``code`` is a Problem, a state, or one above."""
    if code in DIAGNOSES and code not in Problem.values:
        return explain(code, words)
    known = {**dict(AccountState.choices), **dict(Problem.choices)}
    steps = [str(known[code])]
    if words.get("detail"):
        steps.append(str(_("X's own words: %(detail)s")) % {"detail": words["detail"]})
    return str(_("The connection needs a look")), steps
