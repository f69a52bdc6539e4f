from __future__ import annotations

import pytest

from xsim.media_facts import read_facts
from xsim.tests import samples


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        (samples.png(7, 5), {"mime": "image/png", "width": 7, "height": 5}),
        (samples.jpeg(7, 5), {"mime": "image/jpeg", "width": 7, "height": 5}),
        (samples.webp(7, 5), {"mime": "image/webp", "width": 7, "height": 5}),
        (samples.gif(7, 5, 3), {"mime": "image/gif", "width": 7, "height": 5, "frames": 3}),
        (
            samples.mp4(70, 50, 1.5),
            {"mime": "video/mp4", "width": 70, "height": 50, "duration_ms": 1500},
        ),
        (samples.mp4(brand=b"qt  ")[:20], {"mime": "video/quicktime"}),
        (samples.SRT, {"mime": "text/srt"}),
        (b"WEBVTT\n\n", {"mime": "text/vtt"}),
        (samples.png()[:10], {}),
        (samples.gif()[:-4], {}),
        (b"anything else", {}),
        (b"", {}),
    ],
)
def test_facts_are_read_from_the_bytes(data, facts):
    assert read_facts(data) == facts
