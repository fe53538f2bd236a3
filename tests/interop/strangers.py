"""The generator on schemas that nobody here wrote, held against libxml2, xmlschema and xsdata.

For each set in ``strangers.toml``: the package that carries it is fetched, our generator makes classes of it, random
instances are written strictly, judged by libxml2 and by xmlschema, read back equal, and read and written by xsdata with
classes of its own, after which they must still be equal. Damaged copies must be refused by us if they are by both
libxml2 and xmlschema, and taken if they are by both. What the generator refuses is shown with its reason.

``python -m tests.interop.strangers`` (``make strangers``) runs it and prints the table of ``docs/own-schemas.md``; it
needs the package registry. Names as arguments choose among the sets.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from lxml import etree

__all__ = ["main"]

HERE = Path(__file__).resolve().parent
EXAMPLES = 60
FEWEST = 5
"""So many documents of each profile, and of each of its roots at least."""

DAMAGES = 3


@dataclass
class Outcome:
    """What came of one set.

    Attributes:
        refused: Why the generator refused it, or None.
        counts: How many documents there were, and what happened to them.
        differences: What should not have happened, in words.
    """

    refused: str | None = None
    counts: Counter[str] = field(default_factory=Counter[str])
    differences: list[str] = field(default_factory=list[str])


def fetched(one: dict[str, Any], folder: Path) -> Path:
    """Fetch the schemas of a set into a folder, with a manifest."""
    schemas = folder / "schemas"
    schemas.mkdir()
    name = re.sub(r"\W+", "_", one["package"])
    wheels = folder.parent / f"wheels_{name}"
    if not list(wheels.glob("*.whl")):
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*fetch, "--dest", str(wheels), one["package"]], check=True)
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / "unpacked")
    base = folder / "unpacked" / one["base"]
    for pattern in one["files"]:
        for path in base.glob(pattern):
            target = schemas / path.relative_to(base)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    entries = [f'[[schema]]\nnoun = "{noun}"\nfile = "{file}"\nrole = "payload"' for file, noun in one["nouns"].items()]
    (schemas / "manifest.toml").write_text("\n".join(entries), encoding="utf-8")
    lines: list[str] = []
    for section, names in one.get("names", {}).items():
        lines += [f"[{section}]", *(f"{json.dumps(key)} = {json.dumps(name)}" for key, name in names.items())]
    if lines:
        (schemas / "names.toml").write_text("\n".join(lines), encoding="utf-8")
    return schemas


def localise(schemas: Path) -> None:
    """Let links to the network lead to files of the folder, for those who do not look there themselves."""
    known = {etree.parse(path).getroot().get("targetNamespace"): path for path in sorted(schemas.rglob("*.xsd"))}
    for path in schemas.rglob("*.xsd"):
        tree = etree.parse(path)
        for link in tree.iter("{*}import"):
            copy = known.get(link.get("namespace"))
            if copy is not None and link.get("schemaLocation", "").startswith("http"):
                link.set("schemaLocation", os.path.relpath(copy, path.parent))
        tree.write(path, encoding="utf-8")


def generated(schemas: Path, package: str, folder: Path) -> str | None:
    """Make a package of the schemas; the reason if the generator refuses."""
    command = [sys.executable, "-m", "iec61968_9_generator", "generate", "--schemas", str(schemas)]
    done = subprocess.run(
        [*command, "--package", package, "--out", str(folder / package)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    return None


def check(schemas: Path, package: str, noun_of: dict[str, str], folder: Path) -> Outcome:
    """Hold a generated package against the others."""
    import xmlschema

    from iec61968_9 import register

    outcome = Outcome()
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    register(package, replace=True)
    for file in noun_of:
        libxml2 = etree.XMLSchema(etree.parse(schemas / file))
        other = xmlschema.XMLSchema10(str(schemas / file))
        strangers = xsdata_classes(schemas / file, f"{package}_x{len(outcome.counts)}", folder)
        profile = next(one for one in _profiles(package) if one.noun == noun_of[file])
        roots = _roots(profile, package)
        for root, kind in roots.items():
            examples = max(FEWEST, EXAMPLES // len(roots))
            one_root(root, kind, libxml2, other, strangers, outcome, examples)
    return outcome


def _profiles(package: str) -> list[Any]:
    return list(importlib.import_module(f"{package}._codecs.index").PROFILES)


def _roots(profile: Any, package: str) -> dict[str, type[Any]]:
    """The classes of a profile's roots."""
    from iec61968_9._verbs import REGISTRY

    codec = REGISTRY.by_module[f"{package}.profiles.{profile.module}"].codec
    return {root: codec.roots[root].kind for root in profile.roots}


def xsdata_classes(schema: Path, package: str, folder: Path) -> ModuleType | None:
    """The module that xsdata makes of a schema; None if it cannot."""
    command = [sys.executable, "-m", "xsdata", "generate", str(schema), "--package", package, "--compound-fields"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # xsdata calls ruff
    done = subprocess.run(
        [*command, "--structure-style", "single-package"],
        check=False,
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PATH": path},
    )
    if done.returncode:
        return None
    importlib.invalidate_caches()
    try:
        return importlib.import_module(package)
    except Exception:  # whatever xsdata's code does when it is loaded
        return None


def one_root(
    root: str,
    kind: type[Any],
    libxml2: Any,
    other: Any,
    strangers: ModuleType | None,
    outcome: Outcome,
    examples: int,
) -> None:
    """Random instances of one root, and damaged copies of them."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable

    from iec61968_9 import DecodeError, from_xml, to_xml
    from iec61968_9.testing import instances

    dice = random.Random(root)  # noqa: S311  # no secrets here

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
            HealthCheck.filter_too_much,
        ],
    )
    @given(instances(kind))
    def draw(one: Any) -> None:
        outcome.counts["documents"] += 1
        data = to_xml(one)
        tree = etree.fromstring(data)
        if not libxml2.validate(tree):
            outcome.differences.append(f"{root}: libxml2 refuses what was written: {libxml2.error_log[0].message}")
        if error := next(complaints(other, data), None):
            outcome.differences.append(f"{root}: xmlschema refuses what was written: {error.reason}")
        again = from_xml(data, kind)
        if again != one:
            outcome.differences.append(f"{root}: not equal when read again")
        with_xsdata(data, kind, one, strangers, outcome)
        for _ in range(DAMAGES):
            broken = damaged(etree.fromstring(data), dice)
            try:
                etree.fromstring(broken)
            except etree.XMLSyntaxError:  # where it moves an element, lxml may mix up prefixes of attributes
                continue
            ours = theirs = None
            try:
                from_xml(broken, kind)
            except DecodeError as error:
                ours = error.message
            outcome.counts["damaged"] += 1
            outcome.counts["damaged and refused"] += ours is not None
            try:
                for complaint in complaints(other, broken):
                    theirs = f"{complaint.path}: {complaint.reason}"
            except KeyError:  # it sometimes forgets a prefix, and then fails on xsi:type
                outcome.counts["damaged, xmlschema judges otherwise"] += 1
                continue
            if (ours is None) != (theirs is None):
                outcome.counts["damaged, xmlschema judges otherwise"] += 1
            if (ours is None) != (theirs is None) and (ours is None) != libxml2.validate(etree.fromstring(broken)):
                verdicts = f"to us {ours or 'right'}, to xmlschema {theirs or 'right'}"
                outcome.differences.append(f"{root}, damaged: {verdicts}")

    try:
        draw()
    except Unsatisfiable:  # its keys and references are more than chance can meet
        outcome.counts["roots without an instance"] += 1


def complaints(other: Any, data: bytes) -> Iterator[Any]:
    """What xmlschema has against a document. It looks for the prefix in ``xsi:type`` around the element only."""
    tree = etree.fromstring(data)
    prefixes = {prefix: namespace for node in tree.iter("*") for prefix, namespace in node.nsmap.items() if prefix}
    return iter(other.iter_errors(tree, namespaces=prefixes))


def with_xsdata(data: bytes, kind: type[Any], one: Any, strangers: ModuleType | None, outcome: Outcome) -> None:
    """Let xsdata read and write a document; it must still mean the same to us."""
    from xsdata.formats.dataclass.parsers import XmlParser
    from xsdata.formats.dataclass.serializers import XmlSerializer

    from iec61968_9 import from_xml

    if strangers is None:
        outcome.counts["xsdata cannot"] += 1
        return
    name = etree.QName(etree.fromstring(data)).localname
    theirs: Any = next((cls for cls in list(vars(strangers).values()) if _is_root(cls, name)), None)
    if theirs is None:
        outcome.counts["xsdata cannot"] += 1
        return
    try:
        serializer: Any = XmlSerializer()
        written = str(serializer.render(XmlParser().from_bytes(data, theirs)))
        same = from_xml(written, kind) == one
    except Exception:  # whatever xsdata does
        outcome.counts["xsdata fails"] += 1
        return
    outcome.counts["the same through xsdata" if same else "different through xsdata"] += 1


def _is_root(cls: Any, name: str) -> bool:
    meta = getattr(cls, "Meta", None)
    return isinstance(cls, type) and getattr(meta, "name", cls.__name__) == name and hasattr(meta, "namespace")


def damaged(tree: Any, dice: random.Random) -> bytes:
    """A document with one thing other: an element gone, doubled, moved or renamed, a text changed, an attribute."""
    own = etree.QName(tree).namespace  # what else stands in wildcards we hold to profiles that xmlschema does not know
    elements = [one for one in tree.iter("*") if etree.QName(one).namespace == own]
    one = dice.choice(elements[1:] or elements)
    parent = one.getparent()
    what = dice.choice(["gone", "doubled", "moved", "renamed", "text", "attribute"])
    if what == "text" or parent is None:
        one.text = dice.choice(["", "x", "-1", "2026-02-30"])
    elif what == "attribute":
        one.set("surplus", "1")
    elif what == "renamed":
        one.tag = f"{one.tag}X"
    elif what == "gone":
        parent.remove(one)
    elif what == "doubled":
        one.addnext(copy.deepcopy(one))
    else:
        parent.insert(0, one)
    return bytes(etree.tostring(tree, encoding="utf-8"))


def run(one: dict[str, Any], cache: Path) -> Outcome:
    """One set, from fetching to comparing, the comparison in a process of its own."""
    folder = cache / re.sub(r"\W+", "_", one["name"])
    folder.mkdir(exist_ok=True)
    schemas = fetched(one, folder)
    package = "stranger_" + re.sub(r"\W+", "_", one["name"]).lower().strip("_")
    refused = generated(schemas, package, folder)
    if refused is not None:
        return Outcome(refused=refused)
    localise(schemas)
    order = json.dumps([str(schemas), package, one["nouns"], str(folder)])
    worker = [sys.executable, "-m", "tests.interop.strangers", "--check", order]
    done = subprocess.run(worker, check=False, capture_output=True, text=True, cwd=HERE.parents[1])
    if done.returncode:
        errors = re.findall(
            r"^[\w.]+(?:Error|Exception|Unsatisfiable|FailedHealthCheck)\b.*", done.stderr, re.MULTILINE
        )
        return Outcome(differences=[(errors or [done.stderr[-500:]])[-1]])
    counts, differences = json.loads(done.stdout.splitlines()[-1])
    return Outcome(None, Counter(counts), differences)


def rows(found: list[tuple[dict[str, Any], Outcome]]) -> Iterator[str]:
    """The table for people."""
    yield "| schemas | package | documents | the same through xsdata | damaged | judged as xmlschema does | verdict |"
    yield "|---|---|---|---|---|---|---|"
    for one, outcome in found:
        if outcome.refused is not None:
            yield f"| {one['name']} | `{one['package']}` | | | | | refused: {outcome.refused} |"
            continue
        counts = outcome.counts
        agreed = counts["damaged"] - counts["damaged, xmlschema judges otherwise"]
        verdict = "passed" if not outcome.differences else f"{len(outcome.differences)} differences"
        if not counts["documents"]:
            verdict = "no random instance meets its keys"
        yield (
            f"| {one['name']} | `{one['package']}` | {counts['documents']} | {counts['the same through xsdata']} "
            f"| {counts['damaged']} | {agreed} | {verdict} |"
        )


def main(arguments: list[str]) -> int:
    """Compare; 0 if no set that was generated differs from what the others say."""
    if arguments[:1] == ["--check"]:
        schemas, package, nouns, folder = json.loads(arguments[1])
        with contextlib.redirect_stdout(sys.stderr):
            outcome = check(Path(schemas), package, nouns, Path(folder))
        print(json.dumps([outcome.counts, outcome.differences]))
        return 0
    sets = tomllib.loads((HERE / "strangers.toml").read_text(encoding="utf-8"))["set"]
    wanted = [one for one in sets if not arguments or any(name in one["name"] for name in arguments)]
    found: list[tuple[dict[str, Any], Outcome]] = []
    with tempfile.TemporaryDirectory() as cache:
        for one in wanted:
            outcome = run(one, Path(cache))
            found.append((one, outcome))
            print(one["name"], outcome.refused or dict(outcome.counts), flush=True)
            for difference, times in Counter(outcome.differences).most_common(5):
                print(f"    {times} times: {difference}", flush=True)
    print(*rows(found), sep="\n")
    return bool(any(outcome.differences for _, outcome in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
