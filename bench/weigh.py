"""How long counting takes: a usual post, and the longest hostile texts the edge lets in.

Run it as ``.venv/bin/python -m bench.weigh``. Figures are process seconds.
"""

from __future__ import annotations

import time

from yanzhen.kernel.text import weigh

TEXTS = {
    "a usual post": "Cruise: 84 dB outside, 55 inside. Numbers: ferrow.example/quiet #TravelLight",
    "25,000 dots": "a." * 12_500,
    "25,000 Chinese dots": "中." * 12_500,
    "a name of 24,990 characters": "雁" * 24_990 + ".x.com",
    "24,000 brackets": "http://a.com/" + "(" * 24_000,
}


def main() -> None:
    """Print one line for each text: the best of five."""
    weigh("warm")
    for name, text in TEXTS.items():
        best = float("inf")
        for _ in range(5):
            begun = time.process_time()
            weigh(text)
            best = min(best, time.process_time() - begun)
        print(f"{name:<30}{best * 1000:>10.2f} ms")


if __name__ == "__main__":
    main()
