"""A gallery of bad messages, each with the text that a tired person gets to see for it at night.

``pytest tests/errors --update-golden`` writes the texts as they are now into ``gallery.txt``, for review as a diff. The
question at each: would I know what to do?
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iec61968_9 import DecodeError, Report, SchemaError, SoapFaultError, from_xml, iter_xml, validate

HERE = Path(__file__).parent
GALLERY = sorted((HERE / "gallery").glob("*.xml"))
GOLDEN = HERE / "gallery.txt"
OTHER_NAMESPACES = {"envelope-of-another-year", "root-without-namespace"}
"""Those whose root lenient reading knows by its name."""


def item(path: Path) -> str:
    return "Receipt" if path.stem == "derived-schema" else "MeterReading"


def lenient_items(path: Path) -> Report:
    report = Report()
    list(iter_xml(path, item(path), mode="lenient", report=report))
    return report


def lenient(path: Path) -> Report:
    report = Report()
    from_xml(path, mode="lenient", report=report)
    return report


def strict_items(path: Path) -> object:
    return list(iter_xml(path, item(path)))


def refused(path: Path) -> DecodeError:
    """What strict reading says of a message."""
    with pytest.raises(DecodeError) as caught:
        from_xml(path)
    return caught.value


def entry(path: Path) -> str:
    """A message's part of the golden file."""
    error = refused(path)
    code = "" if error.reply_code is None else f", reply code {error.reply_code}"
    return f"== {path.name}: {type(error).__name__}{code}\n{error}\n"


def test_each_bad_message_has_the_text_that_was_reviewed(request: pytest.FixtureRequest) -> None:
    texts = "\n".join(entry(path) for path in GALLERY)
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(texts, encoding="utf-8")
    assert texts == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_validating_says_the_same(path: Path) -> None:
    error = refused(path)
    if isinstance(error, SchemaError):
        assert validate(path) == list(error.issues)
        return
    if error.path is not None and "/Payload" in error.path:  # what the schemas let pass, and the reader does not
        (issue,) = validate(path)
        assert (issue.path, issue.line, issue.message) == (error.path, error.line, error.message)
        return
    with pytest.raises(DecodeError) as caught:
        validate(path)
    assert (type(caught.value), str(caught.value)) == (type(error), str(error))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_a_stream_never_ends_as_if_all_were_well(path: Path) -> None:
    error = refused(path)
    with pytest.raises(DecodeError) as caught:
        strict_items(path)
    if isinstance(error, SchemaError):
        assert isinstance(caught.value, SchemaError)
        numbered = [str(issue).replace("MeterReading[1]", "MeterReading") for issue in caught.value.issues]
        assert set(numbered) <= {str(issue).replace("MeterReading[1]", "MeterReading") for issue in error.issues}
    elif error.path is None or isinstance(error, SoapFaultError) or error.path.count("/") == 1:
        assert (type(caught.value), str(caught.value)) == (type(error), str(error))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
@pytest.mark.parametrize("verb", [lenient, lenient_items])
def test_lenient_reading_says_the_same_of_what_is_no_message(path: Path, verb: Callable[[Path], Report]) -> None:
    error = refused(path)
    if path.stem in OTHER_NAMESPACES:
        assert [finding.path for finding in verb(path).by_rule()["T1"]][:1] == [error.path]
    elif error.path is None or error.path.count("/") == 1 or isinstance(error, SoapFaultError):
        if isinstance(error, SchemaError):
            return  # lenient reading is for such
        with pytest.raises(DecodeError) as caught:
            verb(path)
        assert (type(caught.value), str(caught.value)) == (type(error), str(error))


def test_no_text_speaks_of_how_it_was_found() -> None:
    text = GOLDEN.read_text(encoding="utf-8")
    for word in ("facet", "atomic", "content type", "libxml2", "xs:", "PCDATA", "xmlParse", "wildcard", "QName"):
        assert word not in text, word


def test_it_has_every_kind_that_was_asked_for() -> None:
    assert len(GALLERY) >= 20
    ten = refused(HERE / "gallery" / "ten-faults.xml")
    assert isinstance(ten, SchemaError)
    assert len(ten.issues) == 10
