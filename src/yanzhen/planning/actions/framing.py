"""The frame of the plan: monthly themes, weekly focuses, campaigns."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.events import CAMPAIGN_ADDED, FOCUS_SET, THEME_SET, ThemeSet
from yanzhen.planning.models import Campaign, Focus, Theme, month_of


@transaction.atomic
def set_theme(*, month: date, name: str, note: str = "", by: Member, now: datetime) -> Theme:
    """Set the theme of the month that ``month`` falls in. Raises NotAllowed."""
    require(by, Decision.PLAN_THEME, workspace_id=by.workspace_id)
    theme, _ = Theme.objects.update_or_create(
        workspace_id=by.workspace_id,
        month_date=month_of(month),
        defaults={"name": name, "note": note, "set_by": by},
    )
    record(
        THEME_SET,
        ThemeSet(span=theme.month_date.strftime("%Y-%m"), name=name),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return theme


@transaction.atomic
def set_focus(*, week: date, name: str, by: Member, now: datetime) -> Focus:
    """Set the focus of the week that ``week`` falls in (from Monday). Raises NotAllowed."""
    require(by, Decision.PLAN_THEME, workspace_id=by.workspace_id)
    monday = week - timedelta(days=week.weekday())
    focus, _ = Focus.objects.update_or_create(
        workspace_id=by.workspace_id,
        week_date=monday,
        defaults={"name": name, "set_by": by},
    )
    record(
        FOCUS_SET,
        ThemeSet(span=monday.isoformat(), name=name),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return focus


@transaction.atomic
def add_campaign(*, name: str, code: str, by: Member, now: datetime) -> Campaign:
    """Add a campaign. Raises NotAllowed; the code must be new in the workspace (IntegrityError)."""
    require(by, Decision.PLAN_THEME, workspace_id=by.workspace_id)
    campaign = Campaign.objects.create(workspace_id=by.workspace_id, name=name, code=code)
    record(
        CAMPAIGN_ADDED,
        ThemeSet(span="", name=name),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return campaign
