"""Keeping one folder from a child process by the operating system, where Linux lets us.

The child gets a view of the file system of its own (a mount namespace) with an empty folder over
the real one, and gives up every power that could lift it, look into another process or read the
disk past it. Root does so directly; anybody else inside a user namespace, where the kernel allows
those. Elsewhere nothing is hidden, and the caller says so.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_NEW_MOUNTS, _NEW_USERS = 0x00020000, 0x10000000
_READ_ONLY, _NO_SUID, _NO_DEV, _NO_EXEC = 1, 2, 4, 8
_RECURSIVE, _PRIVATE = 0x4000, 0x40000
_DROP_FROM_BOUNDS, _NO_NEW_PRIVILEGES = 24, 38
#: What a site started by root still needs: its own files, whoever owns them, and a low port.
_KEPT = frozenset({0, 1, 3, 10})  # CHOWN, DAC_OVERRIDE, FOWNER, NET_BIND_SERVICE
_CAPABILITIES = 64

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def hide(folder: Path) -> bool:
    """Hide ``folder`` from this process and its children for good; tell whether that worked.

    For a child between fork and exec: it changes the process it is called in.
    """
    if _libc is None or not folder.is_dir():
        return False
    try:
        _own_view()
        _mount(b"none", b"/", b"", _RECURSIVE | _PRIVATE, b"")
        flags = _READ_ONLY | _NO_SUID | _NO_DEV | _NO_EXEC
        _mount(b"tmpfs", os.fsencode(folder.resolve()), b"tmpfs", flags, b"size=4k,mode=0500")
        _give_up_powers()
    except OSError:
        return False
    return not any(folder.iterdir())


def _own_view() -> None:
    if os.geteuid() == 0:
        _do("unshare", _NEW_MOUNTS)
        return
    user, group = os.geteuid(), os.getegid()
    _do("unshare", _NEW_USERS | _NEW_MOUNTS)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def _mount(source: bytes, target: bytes, kind: bytes, flags: int, options: bytes) -> None:
    _do("mount", source, target, kind, ctypes.c_ulong(flags), options)


def _give_up_powers() -> None:
    """Drop what exec would give back to root; anybody else has nothing left after exec anyway."""
    for number in range(_CAPABILITIES):
        if number not in _KEPT and _libc is not None:
            # Numbers this kernel does not know are refused, which is as good.
            _libc.prctl(_DROP_FROM_BOUNDS, number, 0, 0, 0)
    _do("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def _do(call: str, *arguments: object) -> None:
    if getattr(_libc, call)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
