"""What became of a damaged document: it was refused with the library's error, or read with nothing lost. Else: a loss.

What counts as equal. In strict mode the document that is written again must have the canonical form of the damaged one
(``tests.documents``: Canonical XML, prefixes rewritten, same order). Allowed is only what says nothing: comments,
processing instructions, ``xsi:schemaLocation``, white space between elements; and of numbers, truth values, times and
qualified names the spelling (white space around them, ``007``, ``+7``, ``1`` for ``true``, ``24:00:00``, last zeros).
In lenient mode every element, attribute and text must be there again as often as it was, by the same rules; their order
need not be; where the report says that a namespace was wrong or missing, names are compared without it. For what
travels in SOAP, attributes of SOAP's own elements may be on the findings instead.

A second opinion: libxml2 with the schemas of the repository. What it calls invalid must be refused in strict mode.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from typing import Any, Literal
from xml.parsers import expat

from lxml import etree
from tests.damage.injuries import first_difference
from tests.damage.samples import Sample
from tests.documents import by_value, canonical, parsed
from tests.properties.support import complaints, verdict
from tests.streaming.support import Trickle, each
from tests.tables import Element, Owner, known_by_tag
from tests.verbs.support import MESSAGE, pieces

from iec61968_9 import DecodeError, EncodeError, ItemStream, Record, Report, from_xml, iter_xml, to_xml
from iec61968_9._verbs import REGISTRY
from iec61968_9.exchange import Received, iter_message, read_message, write_message

__all__ = ["Damage", "Outcome", "check"]

Mode = Literal["strict", "lenient"]
Outcome = Literal["raised", "equal"]
MODES: tuple[Mode, ...] = ("strict", "lenient")
CHUNK = 700
"""The bytes that a stream is given at a time: less than a document has."""

SOAP = re.compile(r"\{http://(schemas\.xmlsoap\.org/soap|www\.w3\.org/2003/05/soap-)")
WRAPPER = re.compile(r"\{(http://iec\.ch/TC57/2011/\w+Message)\}")
LINELESS = re.compile("there is no document")
"""Errors that have no place, because there are no lines yet."""
NAMESPACES = frozenset({"namespace", "namespace-missing", "namespace-wrong"})
"""Findings that say that a name was read in the standard's namespace, and so is written in it."""
ENVELOPES = frozenset({"Message", "RequestMessage", "ResponseMessage", "EventMessage"})


class Damage:
    """A damaged document with what is known of it without the library.

    Attributes:
        sample: What it was.
        data: What it is.
        root: Its tree by lxml alone, without comments; None if it is not well formed.
        invalid: What libxml2 has against it; None if it is not well formed, or begins with nothing that a schema knows.
    """

    def __init__(self, sample: Sample, data: bytes) -> None:
        self.sample = sample
        self.data = data
        self.root: Element | None = None
        self.invalid: list[str] | None = None
        try:
            self.root = parsed(data)
        except etree.XMLSyntaxError:
            return
        top = message_in(parsed(data))
        if top is not None:
            _without_blanks_around_times(top)
            self.invalid = list(complaints(top))


def check(sample: Sample, data: bytes) -> dict[str, Outcome]:
    """Read a damaged document in every way, and hold what comes out to the rules.

    Returns:
        What became of it: ``strict`` and ``lenient`` for the whole document, and with ``stream `` before each for its
        items.

    Raises:
        AssertionError: Something was lost, or an error does not say where.
    """
    damage = Damage(sample, data)
    found: dict[str, Outcome] = {}
    for mode in MODES:
        whole = _whole(damage, mode)
        found[mode] = "raised" if whole is None else "equal"
        if sample.item:
            found[f"stream {mode}"] = _stream(damage, mode, whole)
    assert found["strict"] == "raised" or found["lenient"] == "equal", (
        "lenient reading refuses what strict reading takes"
    )
    return found


# -- whole documents -------------------------------------------------------------------------------------------------


def _whole(damage: Damage, mode: Mode) -> Any:
    """The object that is read, or None if the document is refused."""
    report = Report()
    received: Received[Any] | None = None
    try:
        if damage.sample.form is None:
            found: Any = from_xml(damage.data, mode=mode, report=report)
        else:
            received = read_message(damage.data, mode=mode, report=report)
            found = received.message
    except DecodeError as error:
        check_place(damage, error)
        return None
    assert damage.root is not None, "what libxml2 cannot parse was read"
    if received is None:
        written = to_xml(found, mode=mode)
    else:
        written = write_message(found, received.form, headers=received.headers, mode=mode)
    if mode == "strict":
        assert damage.invalid == [], f"libxml2 says that it is invalid: {damage.invalid}"
        assert core(written) == core(damage.data), "what is written is another document"
    findings = list(report if received is None else received.findings)
    moved = {re.sub(r"\[\d+\]$", "", one.path.rpartition("/")[2]) for one in findings if one.kind in NAMESPACES}
    source, again = said(damage.data, moved), said(written)
    for finding in findings:
        if finding.kind == "transport-attribute":
            source -= _attributes_of(source, str(finding.source))
    if moved or any(one.kind == "wrapper-namespace" for one in findings):
        source, again = _locals(source), _locals(again)
    assert again == source, f"lost: {source - again}; added: {again - source}"
    if mode == "lenient":
        if received is None:
            assert to_xml(from_xml(written, mode=mode), mode=mode) == written, "a second pass writes something else"
        if damage.invalid and not len(report):
            assert _only_order(found), f"nothing on the report, though libxml2 says: {damage.invalid}"
    return found


def check_place(damage: Damage, error: DecodeError) -> None:
    """An error says where, as far as there is a place: a line of the document, and below a root a path from it."""
    assert error.message
    if damage.root is not None and "an encoding that is not read" not in error.message:  # though libxml2 reads it
        assert error.path, f"no path: {error}"
    if damage.data.strip() and not LINELESS.search(error.message):
        assert error.line is not None, f"no line: {error}"
        assert 1 <= error.line <= damage.data.count(b"\n") + 1, f"a line that the document does not have: {error}"


def core(data: bytes) -> str:
    """The canonical form of the message, payload or query in a document."""
    top = message_in(parsed(data))
    assert top is not None
    return canonical(etree.tostring(top))


def message_in(root: Element) -> Element | None:
    """The topmost element of a document that a schema knows, cut out. A typed root stands for an envelope's."""
    for element in root.iter("*"):
        wrapper = WRAPPER.match(str(element.tag))
        if wrapper and element.find("{*}Header") is not None:
            for one in element.iter(f"{{{wrapper[1]}}}*"):
                one.tag = f"{{{MESSAGE}}}{etree.QName(one).localname}"
            element.tag = f"{{{MESSAGE}}}EventMessage"
        if str(element.tag) in known_by_tag():
            element.tail = None
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            return element
    return None


def said(data: bytes, moved: Collection[str] = ()) -> Counter[tuple[str, ...]]:
    """Every element, attribute and text of a document, with how often it is there; values by what they mean.

    Roots with the names in ``moved`` are first put into the namespace that a schema has for them.
    """
    root = parsed(data)
    for element in list(root.iter("*")):
        if etree.QName(element).localname in moved and str(element.tag) not in known_by_tag():
            _move(element)
    tops = (
        [root] if str(root.tag) in known_by_tag() else [one for one in root.iter("*") if str(one.tag) in known_by_tag()]
    )
    for top in tops[:1]:
        for place in list(known_by_tag()[str(top.tag)].walk(top)):
            if not isinstance(place.type, Owner) and not len(place.element):
                place.element.text = f"value: {_meant(place.type.base, place.element)}"
    return pieces(root)


def _move(top: Element) -> None:
    name = etree.QName(top)
    table = next((one for one in known_by_tag().values() if name.localname in one.roots), None)
    if table is not None:
        for one in list(top.iter("*")):
            if etree.QName(one).namespace == name.namespace:
                one.tag = table.tag(etree.QName(one).localname)


def _meant(builtin: str, element: Element) -> str:
    text = element.text or ""
    try:
        return by_value(builtin, text, element)
    except (ValueError, ArithmeticError):
        return text


def _attributes_of(found: Counter[tuple[str, ...]], name: str) -> Counter[tuple[str, ...]]:
    """One attribute of that name on an element of SOAP's."""
    for piece in found:
        if piece[0] == "attribute" and piece[2] == name and SOAP.match(piece[1]):
            return Counter({piece: 1})
    return Counter()


def _locals(found: Counter[tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    """The same without the namespaces of elements."""
    names: Counter[tuple[str, ...]] = Counter()
    for piece, count in found.items():
        names[tuple(part.rpartition("}")[2] if part.startswith("{") else part for part in piece)] += count
    return names


def _only_order(found: Any) -> bool:
    """Whether all that was wrong is put right by writing what was read: the order of elements."""
    try:
        return verdict(to_xml(found)) == []
    except EncodeError:
        return False


def _without_blanks_around_times(top: Element) -> None:
    """libxml2 refuses white space around a time, which XML Schema allows."""
    for place in list(known_by_tag()[str(top.tag)].walk(top)):
        if not isinstance(place.type, Owner) and place.type.base in {"xs:dateTime", "xs:date", "xs:time"}:
            place.element.text = (place.element.text or "").strip(" \t\r\n")


# -- streams -----------------------------------------------------------------------------------------------------------


def _stream(damage: Damage, mode: Mode, whole: Any) -> Outcome:
    """Read the items, and hold them to the whole document or, if that is refused, to what there was before."""
    stream = _opened(damage.sample, damage.data, mode)
    items, error = each(stream, DecodeError)
    before = items_before(damage, mode)
    assert items[: len(before)] == before, "what was yielded before the damage is not what was sent"
    name = damage.sample.item.encode()
    assert len(items) <= len(re.findall(rb"<(?:[^\s<>/:]+:)?%b[\s/>]" % name, damage.data)), "an item came twice"
    payload, member = _place(whole, damage.sample)
    if error is not None:
        assert isinstance(error, DecodeError)
        check_place(damage, error)
        assert payload is None, f"the stream refuses what is read whole: {error}"
        return "raised"
    assert payload is not None, "the stream ends without a word where the whole is refused, or carries no such items"
    assert len(items) == len(getattr(payload, member)), "the stream's items are not those of the whole"
    setattr(stream.rest, member, items)
    assert _same(stream.envelope or stream.rest, whole, mode), "the stream is not the whole"
    return "equal"


def _same(one: Any, other: Any, mode: Mode) -> bool:
    """Whether two objects are equal; in lenient mode, whether they say the same: what was kept as it is may have
    another prefix, and an empty shell among items another place.
    """
    return bool(one == other) or (mode == "lenient" and said(to_xml(one, mode=mode)) == said(to_xml(other, mode=mode)))


def _opened(sample: Sample, data: bytes, mode: Mode) -> ItemStream[Any]:
    source: Any = Trickle(data, CHUNK)
    reader = iter_xml if sample.form is None else iter_message
    return reader(source, sample.item, mode=mode)


def items_before(damage: Damage, mode: Mode) -> list[Any]:
    """The items of the sample that end before the damage, which the stream has seen whole when it comes to it."""
    items, ends = sent(damage.sample, mode)
    at = first_difference(damage.sample.data, damage.data)
    return items[: sum(1 for end in ends if end <= at)]


@cache
def sent(sample: Sample, mode: Mode) -> tuple[list[Any], list[int]]:
    """A sample's items, and where in its bytes each ends, by expat."""
    whole = from_xml(sample.data, mode=mode) if sample.form is None else read_message(sample.data, mode=mode).message
    ends: list[int] = []
    shells: list[int] = []
    stack: list[str] = []
    last = ""

    def begin(name: str, _: object) -> None:
        nonlocal last
        stack.append(name)
        last = name

    def end(name: str) -> None:
        stack.pop()
        parent = f"{{{stack[-1]}" if stack else ""
        if name.rpartition("}")[2] == sample.item and parent in known_by_tag():
            (shells if last == name else ends).append(sample.data.index(b">", scanner.CurrentByteIndex) + 1)

    scanner = expat.ParserCreate(None, "}")
    scanner.StartElementHandler = begin
    scanner.EndElementHandler = end
    scanner.Parse(sample.data, True)  # positional only
    payload, member = _place(whole, sample)
    items: list[Any] = getattr(payload, member)
    if len(items) > len(ends):  # lenient reading may keep an item without anything in it as what it is, a shell
        ends = sorted([*ends, *shells])
    assert len(ends) == len(items) > 0
    return items, ends


def _place(whole: Any, sample: Sample) -> tuple[Any, str]:
    """The payload that has the items, and their member; nothing where the message carries none."""
    contents: list[Any] = [whole]
    if type(whole).__name__ in ENVELOPES:
        contents = whole.payload.contents if whole.payload is not None else []
    for content in contents:
        found = REGISTRY.binding(type(content)) if isinstance(content, Record) else None
        if found is not None and sample.item in found[0].codec.items:
            return content, found[0].codec.items[sample.item].member
    return None, ""
