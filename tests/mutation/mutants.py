"""Makes mutants: copies of a module with one small change each.

The changes are mutmut's (its operators on libcst's trees): another number, text, comparison or operator, an argument
left out or None, a result None, a branch of a match or a conditional expression dropped, break for continue, and so on.
mutmut itself would put them behind a switch inside each function, which leaves out everything decorated, all
properties among it; here each is the whole changed module instead.

Left alone is what a run does not look at: annotations, type aliases and type variables, casts, imports, ``__all__`` and
``__slots__``, decorators, docstrings, and ``strict`` of zip, which only asserts; and of the three changes of a text one
is made.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import Any

from tests.mutation.areas import PACKAGE

__all__ = ["Mutant", "chosen", "mutants", "statement_lines"]

TYPING = {"TypeVar", "ParamSpec", "NewType", "cast", "overload"}
NEVER = {"len", "isinstance", "issubclass"}
"""Functions whose arguments cannot be left out or be None without a crash: nothing is learned."""


@dataclass(frozen=True)
class Mutant:
    """A module with one change."""

    module: str
    """A path under the package, such as ``codes/obis.py``."""
    line: int
    before: str
    """What the changed lines said, without what surrounds them."""
    after: str
    source: str
    """The whole changed module."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the mutant even if lines move."""
        return self.module, self.before, self.after


def mutants(module: str, folder: Path = PACKAGE) -> list[Callable[[], Mutant | None]]:
    """Every change of a module, as a function that makes the mutant; None if the change is one of spelling only."""
    cst: Any = importlib.import_module("libcst")
    metadata: Any = importlib.import_module("libcst.metadata")
    operators: Any = importlib.import_module("mutmut.mutation.mutators").mutation_operators
    text = (folder / module).read_text(encoding="utf-8")
    wrapper = metadata.MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    positions = wrapper.resolve(metadata.PositionProvider)
    spelled = cst.Module([])
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    # which nodes two operators, offered every node, have changes for
    fits: dict[str, Any] = {
        "operator_swap_op": (
            cst.BinaryOperation | cst.UnaryOperation | cst.BooleanOperation | cst.ComparisonTarget | cst.AugAssign
        ),
        "operator_keywords": cst.Is | cst.IsNot | cst.In | cst.NotIn | cst.Break | cst.Continue,
    }
    found: list[tuple[Any, Any]] = []

    def visit(node: Any) -> None:
        if _left_alone(cst, node):
            return
        for kind, operator in operators:
            if isinstance(node, fits.get(operator.__name__, kind)):
                found.extend((node, changed) for changed in _changes(cst, node, operator))
        cast = isinstance(node, cst.Call) and _name(cst, node.func) == "cast"
        for child in node.args[1:] if cast else node.children:
            visit(child)

    visit(wrapper.module)

    def make(node: Any, changed: Any) -> Mutant | None:
        start, end = positions[node].start, positions[node].end
        if isinstance(node, cst.Match):  # its lines are indented
            source = str(wrapper.module.deep_replace(node, changed).code)
        else:
            put = spelled.code_for_node(changed).strip()
            source = text[: starts[start.line - 1] + start.column] + put + text[starts[end.line - 1] + end.column :]
        before, after = _changed(text, source)
        return Mutant(module, start.line, before, after, source) if before != after else None

    return [partial(make, *one) for one in found]


def chosen(module: str, count: int | None, seed: int, folder: Path = PACKAGE) -> tuple[int, list[Mutant]]:
    """How many mutants a module has, and some of them: which ones, the seed and the module's name say."""
    every = mutants(module, folder)
    random = Random(f"{seed} {module}")  # noqa: S311  # nothing is to be guarded here
    some = random.sample(every, len(every) if count is None else min(count, len(every)))
    made = (make() for make in some)
    return len(every), [one for one in made if one is not None and _compiles(one.source)]


def statement_lines(source: str, line: int) -> range:
    """The lines of the statement that a line belongs to; of a compound one, its head."""
    best: ast.stmt | None = None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            best = node if best is None or node.lineno >= best.lineno else best
    if best is None:
        return range(line, line + 1)
    body: Any = getattr(best, "body", None) or getattr(best, "cases", None)
    if isinstance(best, ast.Match):
        return range(best.lineno, (best.end_lineno or line) + 1)
    end = body[0].lineno - 1 if body else best.end_lineno or line
    return range(best.lineno, max(end, best.lineno) + 1)


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _changed(before: str, after: str) -> tuple[str, str]:
    """The lines in which two texts differ."""
    old, new = before.splitlines(), after.splitlines()
    start = next(
        (at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new))
    )
    end = next(
        (at for at, (one, two) in enumerate(zip(reversed(old), reversed(new), strict=False)) if one != two),
        0,
    )
    end = min(end, len(old) - start, len(new) - start)
    return _joined(old[start : len(old) - end]), _joined(new[start : len(new) - end])


def _joined(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines)


def _name(cst: Any, node: Any) -> str:
    return (
        str(node.value)
        if isinstance(node, cst.Name)
        else str(node.attr.value)
        if isinstance(node, cst.Attribute)
        else ""
    )


def _left_alone(cst: Any, node: Any) -> bool:
    """Whether nothing in a node is changed."""
    if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom | cst.TypeAlias):
        return True
    if isinstance(node, cst.Arg):
        return node.keyword is not None and node.keyword.value == "strict"
    if isinstance(node, cst.If) and _name(cst, node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, cst.AnnAssign):
        return _name(cst, node.annotation.annotation) == "TypeAlias"
    if isinstance(node, cst.Assign):
        if isinstance(node.value, cst.Call) and _name(cst, node.value.func) in TYPING:
            return True
        return any(_name(cst, target.target) in {"__all__", "__slots__", "__match_args__"} for target in node.targets)
    if isinstance(node, cst.Call):
        return _name(cst, node.func) in TYPING - {"cast"}
    return isinstance(node, cst.SimpleStatementLine) and all(
        isinstance(one, cst.Expr) and isinstance(one.value, cst.BaseString) for one in node.body
    )


def _changes(cst: Any, node: Any, operator: Callable[[Any], Iterable[Any]]) -> Iterator[Any]:
    """An operator's changes of a node itself, without those that would teach nothing."""
    made = iter(operator(node))
    if operator.__name__ == "operator_string":
        yield from islice(made, 1)
    elif not isinstance(node, cst.Call):
        yield from made
    elif _name(cst, node.func) not in NEVER | TYPING:
        asserts = [one for one in node.args if one.keyword is not None and one.keyword.value == "strict"]
        yield from (one for one in made if all(asserted in one.args for asserted in asserts))
