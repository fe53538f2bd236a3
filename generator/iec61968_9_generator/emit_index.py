"""Prints what the verbs look things up in: the index of profiles, and the packages that load them lazily."""

from __future__ import annotations

from iec61968_9_generator.plan import ClassDef, Profile
from iec61968_9_generator.share import Layout
from iec61968_9_generator.text import WIDTH, Imports, header, quoted

__all__ = ["emit", "package"]


def emit(layout: Layout, package: str) -> dict[str, str]:
    """The text of the index and of the packages' own modules, by path."""
    return {
        "_codecs/__init__.py": _package("Codecs, one module a profile; ``index`` says which."),
        "_codecs/index.py": _index(layout),
        "_schemas/__init__.py": _package("The schemas that documents are validated with."),
        "profiles/__init__.py": _profiles(layout, package),
    }


def package(name: str) -> str:
    """The text of a package's own module."""
    return _package(f"Typed messages. Call ``iec61968_9.register({name!r})``, and its verbs read and write them.")


def _package(words: str) -> str:
    return "\n".join([*header(["the manifest"]), f'"""{words}"""', ""])


def _index(layout: Layout) -> str:
    imports = Imports()
    imports.name("iec61968_9.xml.codec", "Profile")
    lines = [
        *header(["the manifest"]),
        '"""Every profile of the package: what it is, and where its classes, codecs and schema stand."""',
        "",
        *imports.lines(),
        "",
        '__all__ = ["PROFILES"]',
        "",
        "PROFILES = (",
    ]
    for profile in layout.profiles.values():
        entry = profile.entry
        rows: dict[str, str | tuple[str, ...] | None] = {
            "noun": entry.noun,
            "role": entry.role,
            "namespace": profile.namespace,
            "module": profile.module,
            "roots": tuple(profile.roots),
            "items": tuple(profile.items),
            "status": entry.status,
            "confidence": entry.confidence,
            "asks_for": entry.asks_for,
            "secrets": profile.secrets,
        }
        more: dict[str, str | tuple[str, ...] | tuple[tuple[str, str], ...] | None] = {
            "prefix": profile.prefix or None,
            "prefixes": tuple(profile.prefixes.items()) or None,
            "heads": profile.heads or None,
        }
        lines.append("    Profile(")
        for name, value in rows.items():
            lines += _row(name, value)
        lines += ["        verify=True,"] * profile.verify
        for name, extra in more.items():
            if extra is not None:
                lines += _row(name, extra)
        lines.append("    ),")
    return "\n".join([*lines, ")", ""])


def _row(name: str, value: str | tuple[str, ...] | tuple[tuple[str, str], ...] | None) -> list[str]:
    if isinstance(value, tuple):
        names = [
            f'"{one}"' if isinstance(one, str) else f"({', '.join(quoted(part) for part in one)})" for one in value
        ]
        text = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
        line = f"        {name}={text},"
        if len(line) <= WIDTH:
            return [line]
        return [f"        {name}=(", *(f"            {one}," for one in names), "        ),"]
    return [f"        {name}={quoted(value) if isinstance(value, str) else value},"]


def _profiles(layout: Layout, package: str) -> str:
    """The module that finds each root's class. A name that several profiles have is found in their own modules only."""
    found = [(name, profile.module) for profile in layout.profiles.values() for name in _roots(profile)]
    names = [name for name, _ in found]
    homes = {name: module for name, module in found if names.count(name) == 1}
    imports = Imports()
    for name, module in homes.items():
        imports.for_checkers(f"{package}.profiles.{module}", name)
    imports.name("importlib", "import_module")
    lines = [
        *header(["the manifest"]),
        '"""The messages, each in the module of its profile, which is loaded when it is first named."""',
        "",
        *imports.lines(),
        "",
        *_block("__all__ = [", [f'"{name}"' for name in sorted(homes)], "]"),
        "",
        *_block(
            "_HOMES = {" if homes else "_HOMES: dict[str, str] = {",
            [f'"{name}": "{homes[name]}"' for name in sorted(homes)],
            "}",
        ),
        "",
        "",
        "def __getattr__(name: str) -> object:",
        "    if name not in _HOMES:",
        '        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")',
        '    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)',
        "    globals()[name] = found",
        "    return found",
        "",
        "",
        "def __dir__() -> list[str]:",
        "    return sorted({*globals(), *_HOMES})",
        "",
    ]
    return "\n".join(lines)


def _block(opening: str, rows: list[str], closing: str) -> list[str]:
    """A display, one row a line."""
    return [opening, *(f"    {row}," for row in rows), closing] if rows else [opening + closing]


def _roots(profile: Profile) -> list[str]:
    """The classes of a profile's roots."""
    definitions = [profile.definitions[key] for key in profile.roots.values()]
    return [definition.name for definition in definitions if isinstance(definition, ClassDef)]
