"""What the log says, for assertions."""

from yanzhen.activity.feed import events, sentence


def kinds(workspace, *, skip=0):
    """Kinds recorded in the workspace, oldest first, without the first ``skip``."""
    rows = events().objects.in_workspace(workspace.pk).order_by("number")
    return [row.kind for row in rows][skip:]


def last_sentence(workspace):
    """The newest event as a sentence in the active language."""
    return sentence(events().objects.in_workspace(workspace.pk).newest_first().first())
