"""A log as a Markdown file, in the reader's language and hours."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from yanzhen.handoff.facts import facts_for
from yanzhen.handoff.queries import parts_of
from yanzhen.handoff.views.one import find
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members


@members
@require_GET
def text(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the log as text; what the reader may not see is not in it."""
    found, moment = find(request.member, pk), now()
    context = {
        "handover": found,
        "parts": parts_of(found),
        "facts": facts_for(found, request.member, now=moment),
        "attached": found.attachments.order_by("pk"),
        "zone": request.member.zone,
    }
    lines = render_to_string("handoff/handoff.md", context, request).split("\n")
    body = "\n".join(line.rstrip() for line in lines if line.strip() != "-")
    while "\n\n\n" in body:
        body = body.replace("\n\n\n", "\n\n")
    answer = HttpResponse(body.strip() + "\n", content_type="text/markdown; charset=utf-8")
    name = f"handoff-{found.due_at:%Y-%m-%d}-{found.pk}.md"
    saved = content_disposition_header(True, name)
    answer.headers["Content-Disposition"] = saved or "attachment"
    return answer
