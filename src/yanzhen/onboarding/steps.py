"""The steps of the first ten minutes, in their order, and the points of the lists on Today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.people.rights import Decision


@dataclass(frozen=True)
class Step:
    """One step. Its page is named start-<slug>; ``asks`` is the decision that taking it takes."""

    slug: str
    title: str | Promise
    asks: Decision

    @property
    def url_name(self) -> str:
        """The name of its address."""
        return f"start-{self.slug}"


STEPS: Sequence[Step] = (
    Step("workspace", pgettext_lazy("first step", "Workspace"), Decision.WORKSPACE_EDIT),
    Step("people", pgettext_lazy("first step", "People"), Decision.MEMBER_INVITE),
    Step("places", pgettext_lazy("first step", "Places and hours"), Decision.DUTY_KEEP),
    Step("way", pgettext_lazy("first step", "Way of working"), Decision.FLOW_EDIT),
    Step("account", pgettext_lazy("first step", "X account"), Decision.ACCOUNT_CONNECT),
    Step("words", pgettext_lazy("first step", "Words of the brand"), Decision.BRAND_EDIT),
    Step("theme", pgettext_lazy("first step", "First theme"), Decision.PLAN_THEME),
)
BY_SLUG = {step.slug: step for step in STEPS}


@dataclass(frozen=True)
class Point:
    """One line of a list on Today: what to do, and the page where it is done.

    ``slug`` names the fact that proves it (queries); a point of one's own may be ticked instead.
    """

    slug: str
    title: str | Promise
    url_name: str


TEAM_POINTS: Sequence[Point] = (
    Point("people", _("Have a second member"), "invite"),
    Point("account", _("Connect an X account"), "accounts-connect"),
    Point("words", _("Publish words of the brand"), "start-words"),
    Point("theme", _("Say what a month is about"), "start-theme"),
    Point("rota", pgettext_lazy("first steps", "Put somebody on duty"), "duty"),
    Point("post", _("Schedule the first post"), "post-new"),
)
OWN_POINTS: Sequence[Point] = (
    Point("hours", _("Set your city, time zone and hours"), "profile"),
    Point("told", _("Choose how you are told"), "telling"),
    Point("passkey", _("Add a passkey or an app as second step"), "second-factor"),
    Point("lead", _("Read who has the lead, and what that means"), "duty"),
)
#: Ticked when a member wants their whole list out of sight.
ALL_OWN = "all"
