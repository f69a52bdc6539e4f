"""Cards and forms as Block Kit. Words of people are plain text: nothing in them is a command.

The lengths are those Slack publishes. What is longer is cut with an ellipsis.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ContextBlock,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from yanzhen.notify.ports import Button, Card, Choice, Sheet

SECTION, CONTEXT, BUTTON, TITLE, OPTION, LABEL, FALLBACK = 3000, 2000, 75, 24, 75, 2000, 3000
MOST_BUTTONS, MOST_BOXES = 25, 10


def cut(text: str, most: int) -> str:
    """Return ``text`` in at most so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _plain(text: str, most: int) -> PlainTextObject:
    # Slack refuses empty texts.
    return PlainTextObject(text=cut(text, most) or "…", emoji=False)


def unmarked(text: str) -> str:
    """Return text for where Slack reads markup, with nothing in it that is a command."""
    for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, safe)
    return cut(text, FALLBACK)


def fallback(card: Card) -> str:
    """Return what phones and screen readers say instead of the blocks, with no markup in it."""
    return unmarked(f"{card.workspace}: {card.outcome or card.text}")


def blocks_of(card: Card) -> list[dict[str, Any]]:
    """Return the blocks of a card: what happened, more about it, when, and what may be done."""
    found: list[Block] = [SectionBlock(text=_plain(card.text, SECTION))]
    if card.detail:
        found.append(SectionBlock(text=_plain(card.detail, SECTION)))
    about = [card.urgent_label, card.workspace, card.when, card.note]
    found.append(ContextBlock(elements=[_plain(" · ".join(filter(None, about)), CONTEXT)]))
    if card.outcome:
        found.append(ContextBlock(elements=[_plain(card.outcome, CONTEXT)]))
    opens = ButtonElement(text=_plain(card.open_label, BUTTON), url=card.url, action_id="open")
    buttons = [_button(button) for button in card.buttons[: MOST_BUTTONS - 1]]
    found.append(ActionsBlock(elements=[*buttons, opens]))
    return [block.to_dict() for block in found]


def _button(button: Button) -> ButtonElement:
    return ButtonElement(
        text=_plain(button.label, BUTTON),
        action_id=button.slug,
        value=button.value,
        style=button.style or None,
    )


def view_of(sheet: Sheet) -> dict[str, Any]:
    """Return a form as a modal view."""
    view = View(
        type="modal",
        title=_plain(sheet.title, TITLE),
        submit=_plain(sheet.submit, TITLE),
        close=_plain(sheet.close, TITLE),
        private_metadata=sheet.carries,
        blocks=[*_about(sheet.about), *(block for each in sheet.fields for block in _asked(each))],
    )
    told: dict[str, Any] = view.to_dict()
    return told


def _about(text: str) -> list[Block]:
    return [SectionBlock(text=_plain(text, SECTION))] if text else []


def _asked(field: Choice) -> Iterator[Block]:
    """Yield the blocks of one question.

    Slack takes few boxes a group, and few letters a box: what is longer stands above, whole.
    """
    if not field.many:
        yield _input(field)
        return
    for start in range(0, len(field.options), MOST_BOXES):
        group = field.options[start : start + MOST_BOXES]
        for _value, words in group:
            if len(words) > OPTION:
                yield SectionBlock(text=_plain(words, SECTION))
        yield InputBlock(
            block_id=f"{field.name}-{start // MOST_BOXES}",
            label=_plain(field.label, LABEL),
            element=CheckboxesElement(
                action_id=field.name,
                options=[Option(text=_plain(words, OPTION), value=value) for value, words in group],
            ),
        )


def _input(field: Choice) -> InputBlock:
    element: StaticSelectElement | PlainTextInputElement
    if field.options:
        element = StaticSelectElement(
            action_id=field.name,
            options=[
                Option(text=_plain(words, OPTION), value=value) for value, words in field.options
            ],
        )
    else:
        element = PlainTextInputElement(action_id=field.name, multiline=True, max_length=field.most)
    return InputBlock(block_id=field.name, label=_plain(field.label, LABEL), element=element)
