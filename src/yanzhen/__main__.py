"""``python -m yanzhen`` is the yanzhen command."""

from yanzhen.config.cli import main

if __name__ == "__main__":
    main()
