"""Gate: what the product imports is in the runtime lock, so that `make run` has it too.

Tests and checks run with the development packages installed and would never notice. What only
functions import may come with an extra instead: its lock is among EXTRAS.
``python -m tools.check_imports`` lists what is missing (exit 1).
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==", re.MULTILINE)
TYPES_ONLY = {"_typeshed"}
EXTRAS = ("requirements-saml.lock",)


def imported_by(source: str) -> Iterator[str]:
    """Yield the top-level name of every absolute import in ``source``."""
    yield from _imported(ast.parse(source))


def needed_by(source: str) -> set[str]:
    """Return the names without which ``source`` cannot even be loaded."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = []
    return set(_imported(tree))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def locked_in(lock: str) -> set[str]:
    """Return the normalised names of the distributions in a lock's text."""
    return {_normalised(name) for name in LOCKED.findall(lock)}


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def check_tree(root: Path, owners: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the faults under ``root``; ``owners`` maps top-level names to distributions."""
    locked = locked_in((root / "requirements.lock").read_text(encoding="utf-8"))
    extra = set(locked)
    for name in EXTRAS:
        if (root / name).exists():
            extra |= locked_in((root / name).read_text(encoding="utf-8"))
    ours = {path.name for path in (root / "src").iterdir()}
    free = ours | TYPES_ONLY | set(sys.stdlib_module_names)
    faults = []
    for path in sorted((root / "src").rglob("*.py")):
        if "tests" in path.parts or path.name == "conftest.py":
            continue
        source = path.read_text(encoding="utf-8")
        needed = needed_by(source)
        faults += [
            f"{path.relative_to(root)}: {name} is not in requirements.lock"
            for name in sorted(set(imported_by(source)) - free)
            if not {_normalised(owner) for owner in owners.get(name, [])}
            & (locked if name in needed else extra)
        ]
    return faults


def main() -> int:
    """Print the faults."""
    faults = check_tree(ROOT, importlib.metadata.packages_distributions())
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
