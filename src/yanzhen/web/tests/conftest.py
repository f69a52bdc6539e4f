"""The street of brands that the tests of every address share."""

from __future__ import annotations

import copy
import gc
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW
from yanzhen.web.tests.building import make_street
from yanzhen.web.tests.house import Street

LATER = NOW + timedelta(hours=1)
_PART = re.compile(r'{% include "[^"]+" %}')


@pytest.fixture(scope="module")
def street(django_db_setup, django_db_blocker) -> Iterator[Street]:
    """Both brands, made once for all tests of a file; each request is taken back."""
    with django_db_blocker.unblock(), set_to(LATER), transaction.atomic():
        made = make_street()
        # What stands by now stays; looking through it again and again took a tenth of the time.
        gc.collect()
        gc.freeze()
        yield made
        gc.unfreeze()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def bare_frame() -> Iterator[None]:
    """Render pages in full, but the frame around them without its bar, rail and banners.

    For tests that ask only how thousands of requests are answered: the frame is the same around
    every page, costs more than most of them, and has tests of its own.
    """
    templates = copy.deepcopy(settings.TEMPLATES)
    [cached] = templates[0]["OPTIONS"]["loaders"][0][1]
    whole = Path(templates[0]["DIRS"][0], "base.html").read_text(encoding="utf-8")
    bare = ("django.template.loaders.locmem.Loader", {"base.html": _PART.sub("", whole)})
    cached[1].insert(0, bare)
    with override_settings(TEMPLATES=templates):
        yield
