"""How much a picture looks like another, when no byte of the two is the same.

A difference hash: the picture in grey at 9 x 8 pixels, one bit for each pair of neighbours in a row
that says which is lighter. Another size, format or quality changes a few of the 64 bits; another
picture about half of them. A crop or a turn is another picture to it.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image

#: So many of the 64 bits may differ between two pictures that look the same.
NEAR_BITS = 6
_WIDE, _HIGH = 9, 8
#: Fewer bits set (or unset) than this: nearly one colour, like every other such picture.
_LEAST_BITS = 4


def likeness_of(thumbnail: bytes) -> str:
    """Return the hash of a small picture as 16 hex digits, "" when it is too plain to compare."""
    with Image.open(BytesIO(thumbnail)) as image:
        grey = image.convert("L").resize((_WIDE, _HIGH), Image.Resampling.BOX)
    light = grey.tobytes()
    bits = 0
    for row in range(_HIGH):
        for column in range(_WIDE - 1):
            at = row * _WIDE + column
            bits = bits << 1 | (light[at] < light[at + 1])
    plain = min(bits.bit_count(), 64 - bits.bit_count()) < _LEAST_BITS
    return "" if plain else f"{bits:016x}"


def bits_apart(one: str, other: str) -> int:
    """Return how many of the 64 bits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
