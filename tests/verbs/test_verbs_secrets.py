"""Secrets: what the glossary marks never shows in a repr, an error, a finding or a report."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from tests.verbs.support import NAMESPACE, XSI, event

from iec61968_9 import DecodeError, EncodeError, Iec61968Error, Record, Report, from_xml, iter_xml, to_xml, validate
from iec61968_9._codecs.index import PROFILES
from iec61968_9.profiles.service_supplier_config import (
    ElectronicAddress,
    Organisation,
    ServiceSupplier,
    ServiceSupplierConfig,
)

SECRET = "hunter2-hunter2"  # noqa: S105  # of nobody
SECRET_NAMES = {"password", "pan", "cv_number", "micr_number", "account_number", "install_code"}

SUPPLIER = (
    "<ServiceSupplier><mRID>1</mRID><Organisation><electronicAddress>{}</electronicAddress></Organisation>"
    "</ServiceSupplier>"
)


def supplier(inside: str) -> str:
    namespace = NAMESPACE.format("ServiceSupplierConfig")
    return f'<ServiceSupplierConfig xmlns="{namespace}">{SUPPLIER.format(inside)}</ServiceSupplierConfig>'


def classes() -> Iterator[type[Record]]:
    for profile in PROFILES:
        module = import_module(f"iec61968_9.profiles.{profile.module}")
        for name in module.__all__:
            kind = getattr(module, name)
            if isinstance(kind, type) and issubclass(kind, Record):
                yield kind


def test_every_secret_member_is_left_out_of_the_repr() -> None:
    found: set[str] = set()
    for kind in classes():
        for field in dataclasses.fields(kind):
            if field.name in SECRET_NAMES:
                found.add(field.name)
                assert not field.repr, f"{kind.__module__}.{kind.__name__}.{field.name}"
    assert found == SECRET_NAMES


def test_a_secret_is_read_and_written_but_not_shown() -> None:
    config = from_xml(supplier(f"<password>{SECRET}</password><userID>u</userID>"), ServiceSupplierConfig)
    address = config.service_supplier[0].organisation
    assert address is not None
    assert address.electronic_address is not None
    assert address.electronic_address.password == SECRET
    assert SECRET.encode() in to_xml(config)
    assert SECRET not in repr(config)
    assert SECRET not in str(config)
    assert "user_id='u'" in repr(config)


def everything_said(error: BaseException) -> str:
    """All texts that an error carries, and its traceback as a log would have it."""
    texts = [str(error), repr(error), repr(error.args), "".join(traceback.format_exception(error))]
    if isinstance(error, Iec61968Error):
        texts.append(repr(vars(error)))
    return "\n".join(texts)


NAMES = f"xmlns:xsi='{XSI}' xmlns:xs='http://www.w3.org/2001/XMLSchema'"
WRONG = [
    f"<password>{SECRET}<b/></password>",
    f"<password a='1'>{SECRET}</password>",
    f"<password {NAMES} xsi:nil='true'>{SECRET}</password>",
    f"<password {NAMES} xsi:type='xs:int'>{SECRET}</password>",
    f"<password {NAMES} xsi:type='xs:language'>{SECRET} {SECRET}</password>",
    f"<password {NAMES} xsi:type='xs:NCName'>1 {SECRET}</password>",
    f"<password>{SECRET}</password><password>{SECRET}</password>",
    f"<web>x</web><password>{SECRET}</password>",
    f"<password><password>{SECRET}</password></password>",
    f"<password xmlns='urn:x'>{SECRET}</password>",
    f"<password>{SECRET}</password>&unknown;",
    f"<password>{SECRET}",
    f"<password>{SECRET}</passwort>",
    f"<password>{SECRET}\x01</password>",
    f"<password>{SECRET}\udc80</password>",
]


def items(source: str) -> object:
    return list(iter_xml(source, "ServiceSupplier"))


def said(call: Callable[[str], object], source: str) -> str:
    """All that is said about a document that is read: by an error, or by what comes back."""
    try:
        return repr(call(source))
    except DecodeError as caught:
        return everything_said(caught)


@pytest.mark.parametrize("inside", WRONG)
def test_no_error_shows_a_secret(inside: str) -> None:
    for source in (supplier(inside), event(supplier(inside), noun="ServiceSupplierConfig")):
        for call in (from_xml, items):
            with pytest.raises(DecodeError):
                call(source)
            assert SECRET not in said(call, source)
        assert said(validate, source) != "[]"
        assert SECRET not in said(validate, source)


@pytest.mark.parametrize("inside", WRONG)
def test_no_finding_shows_a_secret(inside: str) -> None:
    report = Report()

    def lenient(source: str) -> object:
        found = from_xml(source, mode="lenient", report=report)
        assert SECRET.encode() in to_xml(found, mode="lenient")
        return found

    assert SECRET not in said(lenient, supplier(inside))
    assert SECRET not in repr(report)
    assert SECRET not in str(report)


@pytest.mark.parametrize("value", [SECRET + "\x00", SECRET + "\ud800", [SECRET], SECRET.encode(), {SECRET: SECRET}])
def test_no_writing_error_shows_a_secret(value: Any) -> None:
    address = ElectronicAddress(password=value)
    config = ServiceSupplierConfig(
        service_supplier=[ServiceSupplier(mrid="1", organisation=Organisation(electronic_address=address))]
    )
    with pytest.raises(EncodeError) as caught:
        to_xml(config)
    assert caught.value.path == "/ServiceSupplierConfig/ServiceSupplier/Organisation/electronicAddress/password"
    assert SECRET not in everything_said(caught.value)
