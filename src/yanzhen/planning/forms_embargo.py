"""What people send about an embargo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.people.models import Member
from yanzhen.planning.embargoes import REASON_LENGTH, Embargo
from yanzhen.planning.form_fields import ManyRowsField
from yanzhen.planning.forms import TimeForm
from yanzhen.planning.models import Post


class EmbargoForm(TimeForm):
    """When the embargo lifts, and who may read the post until then beside its writers."""

    readers = ManyRowsField(
        Member.objects.none(),
        label=_("May read it until then, beside its writers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=pgettext_lazy("embargo", "Reason"), required=False, max_length=REASON_LENGTH
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        post: Post,
        embargo: Embargo | None = None,
        on_list: list[int] | None = None,
    ) -> None:
        super().__init__(data, member=member, post=post)
        self.auto_id = "embargo-%s"
        if embargo is not None:
            day, hour = embargo.lifts_wall.split("T")
            self.initial.update(date=day, time=hour, zone=embargo.lifts_zone)
            self.at_hand.insert(0, embargo.lifts_zone)
        self.offer_zones(asked=str((data or {}).get("zone", "")))
        self.initial["readers"] = on_list or []
        writers = post.writers.values("pk")
        team = Member.objects.visible_to(member).active().exclude(pk__in=writers)
        if data is None:
            # Whoever sets it stays on the list: nothing to choose, and no fault to send it.
            team = team.exclude(pk=member.pk)
        field = self.fields["readers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 -- tells the type checker
        field.queryset = (
            team.exclude(pk=post.author_id).select_related("user").order_by("user__name", "pk")
        )
