"""Reads a video with MediaInfo and prints what it found as JSON; a program of its own.

MediaInfo is a large C++ library fed with what strangers recorded. It runs in a process that may
use little memory and time, so that a file that breaks it breaks nothing else. It is handed an open
file and no name: references to other files lead nowhere.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20


def main() -> None:
    """Read the file named by the one argument."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from pymediainfo import MediaInfo  # noqa: PLC0415 -- under the limits

    with Path(sys.argv[1]).open("rb") as file:
        sys.stdout.write(MediaInfo.parse(file, output="JSON", full=False))


if __name__ == "__main__":
    main()
