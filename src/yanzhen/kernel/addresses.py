"""Where a host name leads, and whether that is the public internet."""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import Any

Address = tuple[socket.AddressFamily, tuple[Any, ...]]

#: Not public although ``is_global`` says so, or a way to write a private IPv4 address as IPv6.
_DISGUISED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "fec0::/10",
        "::/96",
    )
)


def is_public(text: str) -> bool:
    """Tell whether an IP address belongs to the public internet, however it is written."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if getattr(address, "ipv4_mapped", None) is not None:
        return False
    if any(address in net for net in _DISGUISED):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def resolve(host: str, port: int, *, timeout_seconds: float) -> list[Address]:
    """Return the addresses of ``host``, in the resolver's order.

    The resolver of the operating system knows no timeout, so it works in a thread that is left
    behind when it is too slow. Raises OSError (TimeoutError when it took too long).
    """
    found: list[Address] = []
    trouble: list[OSError] = []

    def look() -> None:
        try:
            for family, _, _, _, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append((family, where))
        except (OSError, UnicodeError) as error:
            trouble.append(error if isinstance(error, OSError) else OSError("not a host name"))

    worker = threading.Thread(target=look, daemon=True, name="name-lookup")
    worker.start()
    worker.join(timeout_seconds)
    if trouble:
        raise trouble[0]
    if worker.is_alive() or not found:
        raise TimeoutError("name lookup took too long")
    return list(found)
