"""Read the whole corpus in a process of its own that notes whatever it touches; ``test_hostile_access`` starts it.

Python tells an audit hook of every file that it opens, every connection, every process. What libxml2 does by itself
Python does not see, so the addresses in the corpus lead to a pipe that keeps what nobody takes, and to a port on
which the caller listens.

Called with a folder in which documents may be put, the pipe, the port, and what reads: ``library``, or ``careless``
for readers that do what they are told, by which the caller sees that nothing escapes it. Prints, as JSON, the events
that were noted and whether any result held what is in the pipe.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SECRET = "what-only-the-canary-knows"  # noqa: S105  # not one
WATCHED = (
    "open",
    "socket.",
    "subprocess.",
    "os.",
    "urllib.",
    "http.",
    "ftplib.",
    "pty.",
    "shutil.",
    "tempfile.",
    "ctypes.",
)


def library(data: bytes, folder: Path) -> list[str]:
    """What the library makes of a document, by every call, strict and lenient."""
    from tests.hostile.corpus import CALLS, SOURCES, Rule, outcome

    from iec61968_9 import DecodeError, Report, from_xml, to_xml, validate
    from iec61968_9.exchange import content_of, diagnose, read_message

    found: list[str] = []
    rule = Rule("", "", "")
    for mode in ("strict", "lenient"):
        for _, call in CALLS.values():
            found += [outcome(call, SOURCES[kind](data, rule, folder), mode) for kind in ("bytes", "path", "file")]
        try:
            report = Report()
            message: Any = read_message(data, mode=mode, report=report).message
            found += [repr(message), str(report), str(diagnose(message)), to_xml(message, mode=mode).decode()]
            found.append(repr(content_of(message, mode=mode)))
        except (DecodeError, LookupError) as error:
            found += [str(error), repr(error.__dict__)]
    for verb in (validate, from_xml):
        try:
            found.append(str(verb(data)))
        except DecodeError as error:
            found.append(str(error))
    return found


def careless(data: bytes, folder: Path) -> list[str]:  # as the other
    """What readers make of a document that do all that it asks for."""
    import io
    from xml import sax
    from xml.sax.handler import ContentHandler, feature_external_ges

    from lxml import etree

    found: list[str] = []
    parser = etree.XMLParser(load_dtd=True, no_network=False, resolve_entities=True, recover=True)
    root = etree.fromstring(data, parser)
    root.getroottree().xinclude()
    found.append(etree.tostring(root, encoding="unicode"))
    reader = sax.make_parser()  # noqa: S317  # a careless one is wanted
    reader.setFeature(feature_external_ges, True)
    reader.setContentHandler(ContentHandler())
    reader.parse(io.BytesIO(data))
    return found


def main() -> None:
    """Read the corpus, and print what was noted."""
    folder, pipe, port, who = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    from tests.hostile.corpus import document, rules

    read = {"library": library, "careless": careless}[who]
    home = [str(Path(one).resolve()) for one in {sys.prefix, sys.base_prefix, *filter(None, sys.path)}]
    documents = [document(rule) for rule in rules() if who == "library" or rule.group.startswith(("Document", "Incl"))]
    documents = [
        one.replace(b"file:///canary", b"file://" + pipe.encode()).replace(
            b"127.0.0.1:9/", f"127.0.0.1:{port}/".encode()
        )
        for one in documents
        if len(one) < 1_000_000
    ]
    events: list[str] = []
    told = False

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if not event.startswith(WATCHED) or event in {"os.listdir", "os.scandir"}:
            return
        place = str(arguments[0]) if arguments else ""
        if event == "open" and (place == str(folder / "message.xml") or place.startswith(tuple(home))):
            return  # the document itself, and Python's own modules when they are first needed
        events.append(f"{event} {place}")

    sys.addaudithook(note)
    for one in documents:
        try:
            results = read(one, folder)
        except Exception as error:  # careless readers raise anything
            if who == "library":
                raise
            results = [str(error)]
        told = told or any(SECRET in text for text in results)
    json.dump({"documents": len(documents), "events": events, "told": told}, sys.stdout)


if __name__ == "__main__":
    main()
