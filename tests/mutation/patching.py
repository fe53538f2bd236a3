"""Puts a change into a library that is already loaded, by giving its functions the changed code.

Starting Python, loading the library and collecting tests take seconds; running the tests that see a change takes a
tenth of one. So a change inside functions goes into a forked copy of a process that has done all that. A change of what
runs while a module is loaded cannot be put in later; ``changed_functions`` says None then.
"""

from __future__ import annotations

import gc
import inspect
from collections.abc import Iterator
from itertools import zip_longest
from types import CodeType, FunctionType

__all__ = ["Functions", "changed_functions", "functions_of"]

Functions = dict[tuple[str, str, int], list[FunctionType]]
"""Live functions by their file, qualified name and first line."""


def functions_of(folder: str) -> Functions:
    """Every function that is alive and was defined below a folder."""
    found: Functions = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(folder):
            code = one.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(one)
    return found


def changed_functions(filename: str, before: str, after: str) -> list[tuple[CodeType, CodeType]] | None:
    """The functions in which two texts of a module differ, as code; None if they differ elsewhere too."""
    found: list[tuple[CodeType, CodeType]] = []
    same = _compare(compile(before, filename, "exec"), compile(after, filename, "exec"), found)
    return found if same else None


def _compare(old: CodeType, new: CodeType, found: list[tuple[CodeType, CodeType]]) -> bool:
    """Collect what differs; False where it is not in a function."""
    if old == new:
        return True
    if old.co_flags & inspect.CO_OPTIMIZED:
        if old.co_freevars != new.co_freevars:
            return False
        found.append((old, new))
        for one, other in zip(_inner(old), _inner(new), strict=False):
            _compare(one, other, found)
        return True
    if _own(old) != _own(new):
        return False
    return all(
        one is not None and other is not None and _compare(one, other, found)
        for one, other in zip_longest(_inner(old), _inner(new))
    )


def _inner(code: CodeType) -> Iterator[CodeType]:
    return (one for one in code.co_consts if isinstance(one, CodeType))


def _own(code: CodeType) -> tuple[object, ...]:
    """What a module or a class body does itself."""
    # repr tells 1 from True and 0.0 from -0.0
    return code.co_code, code.co_names, repr([one for one in code.co_consts if not isinstance(one, CodeType)])
