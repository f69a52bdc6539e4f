"""What Slack calls when somebody presses something there. Believed only with Slack's signature."""

from __future__ import annotations

import json
import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from slack_sdk.signature import Clock, SignatureVerifier

from yanzhen.kernel import clock
from yanzhen.notify.actions.pressing import NotUnderstood, read_interaction, take
from yanzhen.notify.actions.slack import signing_secret
from yanzhen.notify.locking import LockedElsewhere
from yanzhen.notify.models import SlackTeam
from yanzhen.people.gate import strangers

logger = logging.getLogger(__name__)

#: An interaction of Slack has a few kilobytes; a message with it some more.
MOST_BYTES = 256 * 1024


class _Clock(Clock):
    """Our clock, so that the five minutes are ours."""

    def now(self) -> float:
        return clock.now().timestamp()


def _is_slack(request: HttpRequest, team: SlackTeam, body: bytes) -> bool:
    """Tell whether Slack signed this very body within the last five minutes."""
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (stamp.isascii() and stamp.isdigit() and signature.isascii()):
        return False
    try:
        verifier = SignatureVerifier(signing_secret(team), clock=_Clock())
        return verifier.is_valid(body=body, timestamp=stamp, signature=signature)
    except LockedElsewhere:
        logger.exception("Slack must be connected again: its signing secret cannot be read")
        return False
    except ValueError:
        return False


@strangers
@csrf_exempt
@require_POST
def slack_calls(request: HttpRequest, key: str) -> HttpResponse:
    """Take one interaction: 401 without Slack's signature, 400 for what is not understood."""
    team = get_object_or_404(SlackTeam, key=key)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        return HttpResponse(status=413)
    # Slack sends forms of this one kind; of any other the body may be read already, and gone.
    if request.content_type != "application/x-www-form-urlencoded":
        return HttpResponse(status=401)
    body = request.body
    if not _is_slack(request, team, body):
        return HttpResponse(status=401)
    try:
        payload = json.loads(request.POST.get("payload", ""))
        if payload.get("type") == "block_actions" and _only_opens(payload):
            return HttpResponse()
        said = read_interaction(payload)
    except (NotUnderstood, ValueError, AttributeError, RecursionError):
        return HttpResponse(status=400)
    answer = take(team, said, now=clock.now())
    return JsonResponse(answer) if answer else HttpResponse()


def _only_opens(payload: dict[str, object]) -> bool:
    """Tell whether the press was on a link, of which Slack tells too."""
    actions = payload.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    return isinstance(first, dict) and first.get("action_id") == "open"
