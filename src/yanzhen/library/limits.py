"""How large a file may be to be taken in at all; what a platform takes is checked where posts are.

Pixels are those of the decoded picture: a small file can be a very large one of those.
"""

from __future__ import annotations

MEGABYTE = 1024 * 1024
MOST_IMAGE_BYTES = 32 * MEGABYTE
MOST_VIDEO_BYTES = 512 * MEGABYTE
MOST_DOCUMENT_BYTES = 32 * MEGABYTE
MOST_TEXT_BYTES = 4 * MEGABYTE
#: A request that brings a file brings its form and its boundaries too.
MOST_REQUEST_BYTES = MOST_VIDEO_BYTES + MEGABYTE
#: 8192 x 8192: some 200 MB of memory while it is decoded.
MOST_PIXELS = 64 * 1024 * 1024
MOST_SIDE = 16_384
MOST_FRAMES = 1000
#: Width x height x frames of a GIF, all of which are decoded once.
MOST_FRAME_PIXELS = 400 * 1024 * 1024
#: The longer side of the small picture.
THUMBNAIL_SIDE = 640
