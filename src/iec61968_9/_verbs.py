"""The four verbs: ``from_xml``, ``to_xml``, ``iter_xml``, ``validate``; and ``register`` for generated packages."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeVar, cast, get_args, get_origin, overload

from iec61968_9._codecs.index import PROFILES
from iec61968_9.errors import DecodeError, SchemaIssue
from iec61968_9.xml.apart import vouch
from iec61968_9.xml.departures import finish, prepare
from iec61968_9.xml.dialect import DEFAULT_DIALECT, Dialect
from iec61968_9.xml.document import Document, local_name
from iec61968_9.xml.layout import DECLARATION, assemble, encoded
from iec61968_9.xml.lenient import LenientReading
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.parser import Source, parse
from iec61968_9.xml.reading import Reading, check_carried
from iec61968_9.xml.record import Record
from iec61968_9.xml.registry import Registered, Registry
from iec61968_9.xml.report import Report
from iec61968_9.xml.unknown import unknown_root
from iec61968_9.xml.validation import issues, schema_error
from iec61968_9.xml.writing import LenientWriting, Writing

if TYPE_CHECKING:
    from iec61968_9.xml.item_writer import ItemWriter
    from iec61968_9.xml.streaming import ItemStream

__all__ = ["from_xml", "iter_xml", "open_writer", "register", "to_xml", "validate"]

Mode = Literal["strict", "lenient"]
T = TypeVar("T")

REGISTRY = Registry()
REGISTRY.add("iec61968_9", PROFILES)


@overload
def from_xml(
    source: Source,
    expected: type[T],
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> T: ...


@overload
def from_xml(
    source: Source,
    expected: None = None,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Record: ...


def from_xml(
    source: Source,
    expected: type[Any] | None = None,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Any:
    """Read a document: an envelope with what it carries, a payload or a query.

    Args:
        source: Bytes or text are the document itself; a path or a binary file is where it is.
        expected: The class that the root must be, such as ``MeterReadings`` or ``ResponseMessage[MeterReadings]``. The
            result's type is then known. Without it, the root's name decides.
        mode: ``strict`` validates and refuses; ``lenient`` keeps what it cannot type, and reports it.
        dialect: The partner's namespaces; None knows the standard's, with and without ``www``.
        report: Where lenient reading notes what it tolerated.
        limits: How much is read before it is refused.

    Raises:
        DecodeError: The document is not well formed, not of a known kind, or not what was expected.
        SchemaError: It is not valid; all issues are on the error. Strict mode only.
        LimitError: It exceeds a limit.
        OSError: The source cannot be read.
    """
    check_mode(mode)
    dialect = dialect or DEFAULT_DIALECT
    document = parse(source, limits)
    reading = _reading(document, strict=mode == "strict", dialect=dialect, report=report, limits=limits)
    return _read(reading, _registered(reading), expected)


def read_document(
    document: Document,
    expected: type[Any] | None,
    *,
    strict: bool,
    dialect: Dialect,
    report: Report | None,
    limits: Limits,
) -> Any:
    """Validate and decode a parsed document whose ``top`` is a message."""
    reading = _reading(document, strict=strict, dialect=dialect, report=report, limits=limits)
    registered = _registered(reading)
    if registered.profile.role != "envelope":
        raise unknown_root(document, REGISTRY, dialect, limits)
    return _read(reading, registered, expected)


def _reading(document: Document, *, strict: bool, dialect: Dialect, report: Report | None, limits: Limits) -> Reading:
    """What reads a document in one of the two modes."""
    if strict:
        return Reading(document, REGISTRY, dialect, limits)
    return LenientReading(document, REGISTRY, dialect, report, limits)


def _read(reading: Reading, registered: Registered, expected: type[Any] | None) -> Any:
    """Validate and decode a document with the root of a profile."""
    document, lenient = reading.document, isinstance(reading, LenientReading)
    _check_root(document, registered, expected)
    if isinstance(reading, LenientReading):
        prepare(reading)
    else:
        found = issues(document, registered, REGISTRY, reading.dialect, reading.limits)
        if found:
            raise schema_error(found, REGISTRY)
    result = registered.codec.roots[local_name(document.top.tag)].read(document.top, reading)
    check_carried(result, reading, get_args(expected), strict=not lenient)
    if not reading.strange and document.top is document.root:
        vouch(document.data)
    if isinstance(reading, LenientReading):
        finish(reading, result, registered)
    return result


def to_xml(
    obj: Record,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    pretty: bool = False,
    xml_declaration: bool = True,
) -> bytes:
    """Write an envelope, a payload or a query as a document in UTF-8.

    Args:
        obj: The object.
        mode: ``strict`` gives schema-valid bytes; ``lenient`` writes what lenient reading read.
        dialect: The partner's namespaces and prefix; None is the standard's.
        pretty: Whether each element stands on a line of its own.
        xml_declaration: Whether the document begins with an XML declaration.

    Raises:
        EncodeError: The object cannot be written; the path says where.
    """
    check_mode(mode)
    dialect = dialect or DEFAULT_DIALECT
    writing = (Writing if mode == "strict" else LenientWriting)(REGISTRY, dialect)
    writing.root(obj)
    text = assemble(writing.parts, prefix=dialect.prefix, regions=writing.regions, pretty=pretty)
    data = encoded((DECLARATION if xml_declaration else "") + text)
    if writing.verify and mode == "strict":
        from iec61968_9.xml.verification import verify

        verify(data, REGISTRY, dialect)
    return data


@overload
def iter_xml(
    source: Source,
    item: type[T],
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ItemStream[T]: ...


@overload
def iter_xml(
    source: Source,
    item: str,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ItemStream[Any]: ...


def iter_xml(
    source: Source,
    item: type[Any] | str,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ItemStream[Any]:
    """Read the items of a payload one by one, in constant memory, bare or inside an envelope.

    Args:
        source: As in ``from_xml``.
        item: What is wanted: a repeated child of the payload's root, as its class (``MeterReading``) or element name.
        mode: In ``strict`` mode each item is validated before it is yielded, and the rest at the end.
        dialect: As in ``from_xml``.
        report: As in ``from_xml``.
        limits: As in ``from_xml``; they hold from one item to the next.

    Returns:
        A stream: iterate it, best in a ``with`` statement. It has the message around the items as ``envelope``, from
        the beginning, and the payload without them as ``rest``, after the last.

    Raises:
        DecodeError: As ``from_xml``, while iterating; and for a message without a payload, with the message as its
            ``envelope``.
    """
    from iec61968_9.xml.streaming import ItemStream

    check_mode(mode)
    return ItemStream(
        source,
        item,
        registry=REGISTRY,
        strict=mode == "strict",
        dialect=dialect or DEFAULT_DIALECT,
        report=report,
        limits=limits,
    )


def open_writer(
    target: os.PathLike[str] | BinaryIO,
    skeleton: Record,
    item: type[T],
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
) -> ItemWriter[T]:
    """Write a payload's items one by one, in constant memory, bare or inside an envelope.

    Args:
        target: The file, as a path or open for writing bytes.
        skeleton: The payload, or the message with the payload in it, all but the items.
        item: The items' class, such as ``MeterReading``.
        mode: As in ``to_xml``.
        dialect: As in ``to_xml``.

    Returns:
        A writer, for one ``with`` statement: ``append`` each item. What an exception interrupts is left open, so that
        no reader takes it for a whole document.

    Raises:
        EncodeError: The skeleton cannot be written, or holds items already.
    """
    from iec61968_9.xml.item_writer import ItemWriter

    check_mode(mode)
    return ItemWriter(
        target, skeleton, item, registry=REGISTRY, strict=mode == "strict", dialect=dialect or DEFAULT_DIALECT
    )


def validate(source: Source, *, dialect: Dialect | None = None, limits: Limits = DEFAULT_LIMITS) -> list[SchemaIssue]:
    """Every departure of a document from its schemas: the envelope's and the payload's. Empty if it is valid.

    Raises:
        DecodeError: It is not well formed, or of no known kind.
        LimitError: It exceeds a limit.
    """
    dialect = dialect or DEFAULT_DIALECT
    document = parse(source, limits)
    reading = Reading(document, REGISTRY, dialect, limits)
    registered = _registered(reading)
    found = issues(document, registered, REGISTRY, dialect, limits)
    if not found:
        # What libxml2 cannot see, such as two branches of a choice, the codec does.
        try:
            result = registered.codec.roots[local_name(document.top.tag)].read(document.top, reading)
            check_carried(result, reading, (), strict=True)
            if not reading.strange:
                vouch(document.data)
        except DecodeError as error:
            found = [
                SchemaIssue(
                    error.path or "/", error.line, error.message, error.expected, error.got, registered.profile.noun
                )
            ]
    return found


def register(package: ModuleType | str, *, replace: bool = False) -> None:
    """Make the verbs read a generated package.

    Args:
        package: The package, or its name.
        replace: Whether its profiles stand in for those that are known under the same qualified names.

    Raises:
        ValueError: A qualified name is known already, and ``replace`` is not set; both packages are named.
        ImportError: It is no generated package.
    """
    name = package if isinstance(package, str) else package.__name__
    import_module(name)
    try:
        index = import_module(f"{name}._codecs.index")
    except ModuleNotFoundError as error:
        if not f"{name}._codecs.index".startswith(error.name or name):
            raise  # one of its own is missing
        msg = f"{name} was not made by the generator: it has no {name}._codecs.index"
        raise ModuleNotFoundError(msg, name=error.name) from None
    REGISTRY.add(name, index.PROFILES, replace=replace)


def _registered(reading: Reading) -> Registered:
    """The profile of a document's root."""
    registered = reading.standardise(reading.document.top)
    if registered is None:
        raise unknown_root(reading.document, REGISTRY, reading.dialect, reading.limits)
    return registered


def _check_root(document: Document, registered: Registered, expected: type[Any] | None) -> None:
    """Hold the root to the class that the caller expects, before any work is done."""
    if expected is None:
        return
    kind = cast("type[Any]", get_origin(expected) or expected)
    if not isinstance(kind, type):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        msg = f"what is expected is a class, such as MeterReadings or ResponseMessage[MeterReadings], not {expected!r}"
        raise TypeError(msg)
    name = local_name(document.top.tag)
    if not issubclass(registered.codec.roots[name].kind, kind):
        raise DecodeError(
            "the root element is not the one that was expected",
            path=document.path(document.top),
            line=document.line(document.top),
            expected=kind.__name__,
            got=name,
            reply_code="2.5",
            advice=_other_root(registered, kind, name),
        )


def _other_root(registered: Registered, kind: type[Any], name: str) -> str | None:
    """What to expect instead, where one of message and payload was expected and the other came."""
    expected = REGISTRY.binding(kind)
    if expected is None:
        return None
    outer, inner = registered.profile.role == "envelope", expected[0].profile.role == "envelope"
    if outer and not inner:
        member = "query" if expected[0].profile.role == "query" else "content"
        return f"The message around it came: expect {name}[{kind.__name__}], which has it as its {member}."
    if inner and not outer:
        return f"What a message carries came without a message around it: expect {name}."
    return None


def check_mode(mode: str) -> None:
    if mode not in {"strict", "lenient"}:
        raise ValueError(f"mode must be 'strict' or 'lenient', not {mode!r}")
