"""Who reaches an action: the code read as a graph of names, so that no door is forgotten."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import yanzhen

ROOT = Path(yanzhen.__file__).parent
#: What a module does when it is loaded: registering deeds and verbs.
LOADING = "<loading>"
#: Lists of addresses name every view, and the demo's story is told once, into an empty database.
_SKIPPED = ("tests", "migrations", "demo")


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        if not set(parts) & set(_SKIPPED) and parts[-1] != "urls":
            name = ".".join(part for part in parts if part != "__init__")
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return what the names of imports mean, in full; imports inside functions count too."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                found[each.asname or each.name] = f"{node.module}.{each.name}"
        elif isinstance(node, ast.Import):
            for each in node.names:
                found[each.asname or each.name.partition(".")[0]] = (
                    each.name if each.asname else each.name.partition(".")[0]
                )
    return found


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (head := _dotted(node.value)):
        return f"{head}.{node.attr}"
    return ""


def _symbol(statement: ast.stmt) -> str:
    """Return the name a statement of a module gives, LOADING for one that does something."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return statement.name
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    return LOADING


@cache
def _naming() -> dict[str, set[str]]:
    """Return by full name which symbols name it."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in _modules():
        imported = _imported(tree)
        own = {_symbol(each) for each in tree.body} - {LOADING}
        for statement in tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                continue
            user = f"{module}.{_symbol(statement)}"
            for node in ast.walk(statement):
                head, _dot, rest = _dotted(node).partition(".")
                full = imported.get(head) or (f"{module}.{head}" if head in own else "")
                if full:
                    found[f"{full}.{rest}" if rest else full].add(user)
    return {name: users - {name} for name, users in found.items()}


def ends_of(actions: Iterable[str], *, views: Collection[str]) -> set[str]:
    """Return from where these actions (full names) are reached, by whatever way through the code.

    An end is one of ``views``, or a symbol that no other names: a command, or LOADING of a module
    that puts something into a registry.
    """
    ends: set[str] = set()
    seen: set[str] = set()
    waiting = list(actions)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        users = set() if name in views else _naming().get(name, set())
        if not users:
            ends.add(name)
        waiting += users
    return ends
