"""Which IP addresses belong to the public internet."""

from __future__ import annotations

import pytest

from yanzhen.kernel.addresses import is_public

HOSTILE = (
    "127.0.0.1 127.1.2.3 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 "
    "169.254.169.254 100.64.0.1 100.127.255.254 192.0.0.192 192.0.0.1 192.0.2.1 198.18.0.1 "
    "198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 "
    "255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 "
    "64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1:: "
    "2001:0:4136:e378:8000:63bf:3fff:fdd2 fc00::1 fd00::1 fe80::1 fe80::1%eth0 fec0::1 "
    "ff02::1 2001:db8::1 100::1"
)


@pytest.mark.parametrize("text", HOSTILE.split())
def test_is_public_refuses_everything_inside(text):
    assert is_public(text) is False


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "104.244.42.1", "2606:4700::1111"])
def test_is_public_allows_the_internet(text):
    assert is_public(text) is True
