"""What the sign-in page offers beside the password."""

from __future__ import annotations

from django import template

from yanzhen.signin.providers import House, providers

register = template.Library()


@register.simple_tag
def sign_in_providers() -> list[House]:
    """Return the houses people may sign in through, as the operator arranged them."""
    return list(providers().values())
