"""Oracles for texts: codes, identities, and the lexical forms of XML Schema.

What is read is written back as it was, or as what means the same; what is not is refused with the documented error, and
with no other. For lexical forms libxml2 and the xmlschema package are asked as well.
"""

from __future__ import annotations

import contextlib
import io
import math
import pickle
import re
from decimal import Decimal
from functools import cache
from typing import Any

from lxml import etree

from iec61968_9 import (
    CodeError,
    Duration,
    ExchangeError,
    GDay,
    GMonth,
    GMonthDay,
    GYear,
    GYearMonth,
    IdentityError,
    Reference,
)
from iec61968_9.codes import (
    CodeResolver,
    EndDeviceControlCode,
    EndDeviceEventCode,
    Obis,
    Pattern,
    ReadingQualityCode,
    ReadingTypeCode,
    ReplyCode,
    Value,
    from_obis,
    nearest,
    parse,
    to_obis,
)
from iec61968_9.codes.__main__ import main
from iec61968_9.codes._dotted import DottedCode
from iec61968_9.exchange import error as reply_error
from iec61968_9.identity import Identity, ObjectName, from_object_id, identify, is_uuid, mrid, names, to_object_id
from iec61968_9.profiles.envelope import IDKind, ObjectID
from iec61968_9.xml import builtin, lexical
from iec61968_9.xml.simple import Simple

__all__ = ["check_code", "check_identity", "check_value"]

KINDS: tuple[type[DottedCode], ...] = (
    ReadingTypeCode,
    ReadingQualityCode,
    EndDeviceEventCode,
    EndDeviceControlCode,
    ReplyCode,
)


# -- codes ---------------------------------------------------------------------------------------------------------


def check_code(data: bytes) -> None:
    """Everything that is promised about a text that may be a code, a pattern of codes, or a part of one."""
    text = data.decode("utf-8", "surrogateescape")
    for kind in KINDS:
        check_parsed(text, kind)
        check_pattern(text, kind)
        for slot in kind.FORM.slots:
            with contextlib.suppress(CodeError):
                number = slot.number_of(text)
                assert slot.read(number) == number
        parts = text.split(".")
        with contextlib.suppress(CodeError):
            code = kind.from_texts({slot.cim: part for slot, part in zip(kind.FORM.slots, parts, strict=False)})
            assert kind.parse(str(code)) == code
    for end_device in (EndDeviceEventCode, EndDeviceControlCode):
        with contextlib.suppress(CodeError):
            code = end_device.from_name(text)
            assert end_device.from_name(code.name) == code
    with contextlib.suppress(CodeError):
        assert str(parse(text)) == text
    with contextlib.suppress(CodeError, ExchangeError):  # the latter for none at all
        assert reply_error(text).code == text
    citation = CodeResolver().cite(Reference(ref=text), ReadingTypeCode)
    assert citation.is_readable == (citation.error is None)
    assert str(citation) is not None
    check_obis(text)
    check_reading(text)
    check_command(text)


def check_parsed(text: str, kind: type[DottedCode]) -> None:
    """A text that is a code is written as it was, and everything can be said about it."""
    try:
        code = kind.parse(text)
    except CodeError as error:
        assert error.code == text
        assert str(error)
        assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301  # our own
        return
    assert str(code) == text
    assert kind.parse(str(code)) == code
    assert kind.from_parts(code.parts) == code
    assert pickle.loads(pickle.dumps(code)) == code  # noqa: S301  # our own
    assert hash(code) == hash(kind.from_parts([int(part) for part in code.parts]))
    assert len(code.explain()) == len(code.parts)
    for said in (code.describe(), code.name, repr(code)):
        assert said
        assert "\n" not in said
    assert all(map(str, code.check()))
    assert all(type(one) is kind for one in nearest(code, limit=2))
    if isinstance(code, EndDeviceControlCode) and code.outcome is not None:
        assert code.outcome.success != code.outcome.failure
    if isinstance(code, ReplyCode):
        assert code.severity
    if isinstance(code, ReadingTypeCode):
        check_reading_type(code)


def check_reading_type(code: ReadingTypeCode) -> None:
    """Everything that a reading type is asked."""
    assert code.canonical().canonical() == code.canonical()
    asked = (
        code.interval,
        code.sub_interval,
        code.is_block,
        code.unit_symbol,
        code.unit_name,
        code.currency_code,
        code.phase_set.name,
        code.interharmonic,
        code.argument,
        code.is_vendor_specific,
    )
    assert len(asked) == 10
    with contextlib.suppress(CodeError):
        obis = to_obis(code)
        again = from_obis(
            obis,
            multiplier=code.power_of_ten,
            commodity=code.commodity,
            measuring_period=code.measuring_period if obis.processing == 29 else 0,
        )
        assert again == code
    assert Value("1.50", code).base == Decimal((0, (1, 5, 0), code.power_of_ten - 2))


def check_pattern(text: str, kind: type[DottedCode]) -> None:
    """A pattern is written as it was, and matches what fills it."""
    try:
        pattern = Pattern.parse(text, kind)
    except CodeError as error:
        assert str(error)
        return
    assert str(pattern) == text
    assert pattern.describe()
    assert pattern.name
    filled = kind.from_parts([0 if part is None else part for part in pattern.parts])
    assert pattern.matches(filled)


def check_obis(text: str) -> None:
    """An OBIS code means one register, however it is spelt."""
    try:
        obis = Obis.parse(text)
    except CodeError as error:
        assert error.code == text
        return
    assert Obis.parse(str(obis)) == obis
    assert text.removesuffix("*255") in (str(obis), str(obis).removeprefix("1-0:"))
    for period in (0, 2):
        with contextlib.suppress(CodeError):
            assert to_obis(from_obis(obis, multiplier=3, measuring_period=period), channel=obis.channel) == obis


_KWH = ReadingTypeCode.parse("0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0")


def check_reading(text: str) -> None:
    """A reading's text is a number, exactly, or none."""
    value = Value(text, _KWH)
    if value.number is None:
        return
    assert value.display == Decimal(text.strip(" \t\r\n"))
    assert value.base.as_tuple().digits == value.display.as_tuple().digits
    assert int(value.base.as_tuple().exponent) == int(value.display.as_tuple().exponent) + 3
    assert str(value) == f"{text} kWh"


def check_command(text: str) -> None:
    """The command says what a code means, or exits with 2."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(["--", text])
        except SystemExit as left:
            status = int(left.code or 0)
    assert status in (0, 2)
    assert (err if status else out).getvalue()


# -- identities ----------------------------------------------------------------------------------------------------


def check_identity(data: bytes) -> None:
    """What is promised about texts that may say which object is meant: mRID, name, type, authority."""
    lines = data.decode("utf-8", "replace").split("\n")
    text, name, sort, authority = (*lines, "", "", "", "")[:4]
    identity = Identity(mrid=text)
    if is_uuid(text):
        assert identity == Identity(mrid=text.upper()) == Identity(mrid=text.lower())
        assert identity.matches(Identity(mrid=f"  {text}\n"))
        assert identify(Reference(ref=text)).mrid == text.strip()
    check_names(name, sort, authority)
    for kind in (None, *IDKind, "mRID", name):
        given = ObjectID(value=text, kind=kind, id_type=sort or None, id_authority=authority or None)  # pyright: ignore[reportArgumentType]  # lenient reading leaves a str
        found = from_object_id(given)
        assert bool(found) == bool(text.strip())
        assert str(found)
        if found and kind in (None, *IDKind):
            assert from_object_id(to_object_id(found)) == found, (given, to_object_id(found))


def check_names(name: str, sort: str, authority: str) -> None:
    """Names are made into objects that say the same, or are refused with a reason."""
    with contextlib.suppress(IdentityError):
        one = ObjectName(name, sort, authority)
        assert one.matches(ObjectName(name))
        assert str(one)
        made = names(one)
        (again,) = identify(_Named(made)).names
        assert again == one
    with contextlib.suppress(IdentityError):
        stable = mrid(name, authority=authority, name_type=sort or None)
        assert is_uuid(stable)
        assert stable == mrid(f" {name}\t", authority=authority, name_type=sort or None)


class _Named:
    """An object of some class that has names."""

    def __init__(self, made: list[Any]) -> None:
        self.mrid: str | None = None
        self.names = made


# -- values --------------------------------------------------------------------------------------------------------

PARTS: dict[str, Any] = {
    "duration": Duration,
    "gYear": GYear,
    "gYearMonth": GYearMonth,
    "gMonth": GMonth,
    "gMonthDay": GMonthDay,
    "gDay": GDay,
}


PLAIN = frozenset({"boolean", "decimal", "double", "float", "integer", "dateTime", "date", "time", *PARTS})
"""The types whose readers hold to the form alone; of the others libxml2 also holds the facets."""


def check_value(data: bytes) -> None:
    """Everything that is promised about a text that may be a value of a built-in type."""
    text = data.decode("utf-8", "replace")
    if not storable(text):
        return
    for name, simple in builtin.BY_NAME.items():
        found = read(simple, text)
        theirs = libxml2_accepts(name, text)
        if comparable(name, text):
            assert found is not None or not theirs, f"{name}: libxml2 takes {text!r}"
            assert found is None or theirs or name not in PLAIN, f"{name}: libxml2 refuses {text!r}"
        if found is None or simple.broken(text) is not None:
            continue
        written = simple.text(found)
        again = read(simple, written)
        assert simple.same(again, found), (name, text, written)
        assert simple.text(again) == written
        assert libxml2_accepts(name, written), (name, written)
        if name in PARTS:
            assert str(PARTS[name].parse(text.strip(lexical.WHITE_SPACE))) == str(found)


def read(simple: Simple, text: str) -> Any:
    """The value, or None where the type refuses the text."""
    try:
        return simple.value(text)
    except ValueError as error:
        assert str(error)
        return None


def storable(text: str) -> bool:
    """Whether XML can hold a text."""
    return not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text)


def comparable(name: str, text: str) -> bool:
    """Whether libxml2 and XML Schema say the same about a text, as far as Python can hold its value."""
    bare = text.strip(lexical.WHITE_SPACE)
    if name in {"float", "double"}:
        if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", bare, re.ASCII):
            return math.isfinite(float(bare)) and abs(float(bare)) < 3.4028235e38
        return not re.search(r"[eE][+-]?$", bare) and (bare == text or "N" not in bare)
    if name in {"dateTime", "date", "time", *PARTS}:  # libxml2 refuses white space around them
        beyond = r"-?[0-9]{19}" if name in PARTS else r"-|[0-9]{5,}|9999-12-31T24|.*59\.9{12,}"  # which it rounds
        return bare == text and not re.match(beyond, bare) and not re.search(r"[A-Z]\.|\.S", bare)  # it takes ".5S"
    if name == "base64Binary":  # libxml2 passes over what is no such character
        return re.fullmatch(r"[A-Za-z0-9+/= \t\r\n]*", text) is not None
    return len(text) < 500


@cache
def _libxml2(name: str) -> etree.XMLSchema:
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="v" type="xs:{name}"/></xs:schema>'
    return etree.XMLSchema(etree.fromstring(text))


def libxml2_accepts(name: str, text: str) -> bool:
    """Whether libxml2 takes a text for a value of a type."""
    element = etree.Element("v")
    element.text = text
    return bool(_libxml2(name).validate(element))
