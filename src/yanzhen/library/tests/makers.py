"""Makes the files the tests send: pictures with places in them, and videos box by box.

``files/plain.mp4`` is one second of ffmpeg's own test picture and a tone: 64 x 48 pixels,
10 frames, H.264 and AAC, with its head (moov) at the end.
"""

from __future__ import annotations

import struct
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from yanzhen.library.actions import store_upload
from yanzhen.people.tests.cast import NOW

#: Shanghai, as a phone writes it; and what must not be found in any stored file.
LATITUDE = (31.0, 13.0, 49.4)
SECRET_PLACE = b"+31.2304+121.4737/"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description '
    b'exif:GPSLatitude="31,13.824N" photoshop:City="SecretTown"/></rdf:RDF></x:xmpmeta>'
)
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0f\x1c\x02\x5a\x00\x0aSecretTown\x00"
PLAIN_MP4 = (Path(__file__).parent / "files" / "plain.mp4").read_bytes()


def picture(width=120, height=80, mode="RGB"):
    """Return a picture no two corners of which are alike."""
    image = Image.new("RGB", (width, height), (30, 90, 160))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 3, height // 3), fill=(220, 40, 40))
    draw.ellipse((width // 2, height // 2, width - 1, height - 1), fill=(240, 210, 60))
    for x in range(0, width, 7):
        draw.line((x, 0, width - x, height), fill=(x % 255, 200, 90))
    return image.convert(mode)


@cache
def profile():
    """Made once: it holds the second it was made in."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif(*, orientation=1, place=True):
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = "SecretCamera"
    if place:
        gps = made.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", LATITUDE, "E", (121.0, 28.0, 25.3)
    return made.tobytes()


def image(form="JPEG", *, size=(120, 80), mode="RGB", **options):
    out = BytesIO()
    picture(*size, mode=mode).save(out, form, **options)
    return out.getvalue()


def jpeg_with_place(*, orientation=1, **options):
    plain = image("JPEG", exif=exif(orientation=orientation), icc_profile=profile(), **options)
    # Behind SOI: what cameras and editors add.
    more = _app(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP) + _app(0xED, IPTC)
    return plain[:2] + more + plain[2:]


def _app(marker, body):
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def png_with_place(**options):
    text = PngInfo()
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    text.add_text("Comment", "SecretTown")
    return image("PNG", exif=exif(**options), pnginfo=text, icc_profile=profile())


def webp_with_place(**options):
    return image("WEBP", exif=exif(**options), xmp=XMP, icc_profile=profile(), quality=80)


def gif(frames=3, *, size=(60, 40), duration=100, **options):
    out = BytesIO()
    first, *others = (picture(*size).rotate(90 * n).convert("P") for n in range(frames))
    first.save(
        out, "GIF", save_all=True, append_images=others, duration=duration, loop=0, **options
    )
    return out.getvalue()


def gif_with_place():
    """XMP in a GIF ends in a run of 256 bytes that leads any reader out of it."""
    plain = gif()
    at = plain.index(b"\x21\xf9")
    block = b"\x21\xff\x0bXMP DataXMP" + XMP + b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    return plain[:at] + block + b"\x21\xfe\x0aSecretTown\x00" + plain[at:]


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">L4s", len(body) + 8, kind) + body


def moov_of(data):
    at = data.index(b"moov") - 4
    return data[:at], data[at + 8 :]


def mp4_with(*, in_moov=b"", behind=b""):
    """Put boxes at the end of the video's head, and behind it."""
    before, inside = moov_of(PLAIN_MP4)
    return before + box(b"moov", inside, in_moov) + behind


def apple_place():
    """Where an iPhone writes it: a list of keys and their values."""
    name = b"com.apple.quicktime.location.ISO6709"
    handler = box(b"hdlr", b"\x00" * 8, b"mdta", b"\x00" * 13)
    keys = box(b"keys", struct.pack(">LL", 0, 1), box(b"mdta", name))
    value = box(b"data", struct.pack(">LL", 1, 0), SECRET_PLACE)
    return box(b"meta", handler, keys, box(b"ilst", box(struct.pack(">L", 1), value)))


def android_place():
    """Where an Android phone and 3GPP write it."""
    xyz = box(b"\xa9xyz", struct.pack(">HH", len(SECRET_PLACE), 0x15C7), SECRET_PLACE)
    loci = box(b"loci", b"\x00" * 4, b"\x15\xc7SecretTown\x00\x00", b"\x00" * 12, b"earth\x00\x00")
    return box(b"udta", xyz, loci)


def track_of_places(at, samples):
    """A camera's own track (GoPro's gpmd): its samples are places, one chunk at ``at``."""
    sizes = [len(sample) for sample in samples]
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">LL", 0, 1), box(b"gpmd", b"\x00" * 6, b"\x00\x01")),
        box(b"stts", struct.pack(">LLLL", 0, 1, len(sizes), 100)),
        box(b"stsc", struct.pack(">LLLLL", 0, 1, 1, len(sizes), 1)),
        box(b"stsz", struct.pack(">LLL", 0, 0, len(sizes)), struct.pack(f">{len(sizes)}L", *sizes)),
        box(b"stco", struct.pack(">LLL", 0, 1, at)),
    )
    references = box(b"dref", struct.pack(">LL", 0, 1), box(b"url ", b"\x00\x00\x00\x01"))
    information = box(b"minf", box(b"gmhd"), box(b"dinf", references), table)
    head = box(b"tkhd", struct.pack(">LLLLLL", 0, 0, 0, 9, 0, 1000), b"\x00" * 60)
    media = box(b"mdhd", struct.pack(">LLLLLHH", 0, 0, 0, 1000, 200, 0x55C4, 0))
    handler = box(b"hdlr", b"\x00" * 8, b"meta", b"\x00" * 12, b"GoPro MET\x00")
    return box(b"trak", head, box(b"mdia", media, handler, information))


def action_camera(places=(b"GPS5 SecretPlace one", b"GPS5 SecretPlace two, longer")):
    """A video with a track of places, whose samples lie behind everything else."""
    length = len(mp4_with(in_moov=track_of_places(0, places)))
    return mp4_with(in_moov=track_of_places(length + 8, places), behind=box(b"mdat", *places))


def upload(member, data, name="geese.jpg", **options):
    return store_upload(member=member, file=BytesIO(data), name=name, now=NOW, **options)
