"""What the composer's scripts say, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words_for_scripts() -> dict[str, str]:
    """Return every sentence by its short name; %(named)s parts are filled in the browser."""
    return {**_saving(), **_thread(), **_attaching()}


def _saving() -> dict[str, str]:
    return {
        "saved": _("Saved %(time)s"),
        "saving": _("Saving"),
        "typing": _("Not saved yet"),
        "offline": _("Not saved: you are offline. Your words are kept here."),
        "refused": _("Not saved: %(why)s"),
        "signed_out": _("You are signed out. Sign in in another tab; your words are kept here."),
        "failed": _("That did not work on our side. Trying again."),
        "conflict": _("Not saved: somebody else changed the text. Choose below what stays."),
        "back": _("Your unsaved words are back."),
    }


def _thread() -> dict[str, str]:
    return {
        "label": _("Post %(number)s of %(count)s"),
        "label_one": _("Post"),
        "removed": _("Post %(number)s is removed."),
        "moved": _("Moved to place %(number)s of %(count)s."),
        "long": _("This is longer than one post."),
        "split_offer": _("Split into %(count)s posts"),
        "undo": _("Undo"),
        "most": _("A thread has 25 posts at most."),
        "threaded": _("It is a thread of %(count)s posts now."),
        "joined": _("It is one post now."),
        "hung_twice": _(
            "More than one of the posts has files or a poll. Take them off all but one, then join."
        ),
        "ended": _("It is there already."),
        "no_longer": _("That passage is no longer there."),
    }


def _attaching() -> dict[str, str]:
    return {
        "attached": _("Added to post %(number)s."),
        "taken_off": _("“%(name)s” is taken off."),
        "poll_off": _("The poll is taken off."),
        "one_kind": _("X takes four images, or one GIF, or one video on a post."),
        "poll_alone": _("X takes no media beside a poll. Take the poll off first."),
        "media_alone": _("X takes no poll beside media. Take the files off first."),
        "uploading": _("Uploading, %(percent)s%%"),
        "upload_checking": _("Checking the file"),
        "upload_failed": _("“%(name)s” was not added. %(why)s"),
        "upload_offline": _("The connection broke off. Try again when you are online."),
        "upload_signed_out": _("You are signed out. Sign in in another tab, then try again."),
        "upload_too_large": _("The file is too large."),
        "upload_trouble": _("That did not work. Try again in a moment."),
        "no_post": _(
            "This names no post on X. Paste its link, which ends in /status/ and a number."
        ),
        "copied": _("Text copied. Paste it on X."),
    }
