"""Public numbers that grow with virtual time, the same for the same seed, post and moment."""

from __future__ import annotations

import hashlib
import math

HOUR_MS = 60 * 60 * 1000


def growth(seed: int, post_id: int, *, age_ms: int, followers: int) -> dict[str, int]:
    """Tell likes, reposts, bookmarks and impressions of a post at an age.

    None ever falls as time goes on.
    """
    draw = [
        byte / 255 for byte in hashlib.sha256(f"{seed}:metrics:{post_id}".encode()).digest()[:5]
    ]
    reach = 40 + followers * (0.15 + 0.6 * draw[0])
    pace_ms = (2 + 10 * draw[1]) * HOUR_MS
    impressions = reach * (1 - math.exp(-max(age_ms, 0) / pace_ms))
    likes = impressions * (0.01 + 0.04 * draw[2])
    return {
        "impressions": int(impressions),
        "likes": int(likes),
        "reposts": int(likes * (0.05 + 0.2 * draw[3])),
        "bookmarks": int(likes * (0.02 + 0.1 * draw[4])),
    }
