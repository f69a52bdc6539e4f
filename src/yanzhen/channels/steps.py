"""The steps from nothing to a connected account, in the order people take them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from yanzhen.channels.models import DeveloperApp, Setup

WEB, NATIVE, KEYS = "web", "native", "keys"


@dataclass(frozen=True)
class Step:
    """One page of the wizard."""

    slug: str
    title: str | Promise


TYPE = Step("type", pgettext_lazy("step", "Kind of app"))
PORTAL = Step("portal", pgettext_lazy("step", "Permissions and callback"))
PAIR = Step("pair", pgettext_lazy("step", "Client ID and secret"))
SCOPES = Step("scopes", pgettext_lazy("step", "What is asked for"))
AGREE = Step("agree", pgettext_lazy("step", "Agree at X"))
PASTE = Step("keys", pgettext_lazy("step", "Four keys"))
CONFIRM = Step("confirm", pgettext_lazy("step", "Is it the right one"))

BY_AGREEING = (TYPE, PORTAL, PAIR, SCOPES, AGREE, CONFIRM)
BY_PASTING = (TYPE, PORTAL, PASTE, CONFIRM)


@dataclass(frozen=True)
class Way:
    """Where somebody stands: the steps of their way, the furthest open one, and the kind of app."""

    steps: tuple[Step, ...]
    furthest: int
    app_type: str

    def index_of(self, slug: str) -> int | None:
        """Return the place of an open step, None for one that is not open or not on this way."""
        for place, step in enumerate(self.steps[: self.furthest + 1]):
            if step.slug == slug:
                return place
        return None


def way_of(setup: Setup | None, app: DeveloperApp | None) -> Way:
    """Return where a member stands, from what they did and from what the workspace has already."""
    app_type = setup.app_type if setup else ""
    if not app_type and app is not None:
        app_type = WEB if app.confidential else NATIVE
    steps = BY_PASTING if app_type == KEYS else BY_AGREEING
    slugs = [step.slug for step in steps]
    reached = slugs.index(setup.step) if setup and setup.step in slugs else 0
    if app is not None and app_type != KEYS:
        # The app is set up already: whoever connects a further account goes straight to X.
        fits = app.confidential == (app_type == WEB)
        reached = max(reached, slugs.index(AGREE.slug)) if fits else reached
    return Way(steps, min(reached, len(steps) - 2), app_type or WEB)
