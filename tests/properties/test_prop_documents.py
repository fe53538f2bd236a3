"""The comparison of documents that the other properties rest on tells equal ones from others."""

from __future__ import annotations

import pytest
from tests.documents import canonical

NS = "http://iec.ch/TC57/2011/MeterReadings#"
BASE = (
    f'<MeterReadings xmlns="{NS}"><MeterReading><isCoincidentTrigger>true</isCoincidentTrigger>'
    "<IntervalBlocks><PendingCalculation><offset>7</offset><scalarFloat>0.5</scalarFloat>"
    '<ReadingType ref="1"/></PendingCalculation><ReadingType ref="2"/></IntervalBlocks>'
    "<Meter><mRID> m 1 </mRID></Meter>"
    "<valuesInterval><end>2026-03-03T00:00:00Z</end></valuesInterval></MeterReading></MeterReadings>"
)

EQUAL = {
    "another prefix": BASE.replace("xmlns=", "xmlns:m=")
    .replace("</", "</m:")
    .replace("<", "<m:")
    .replace("<m:/m:", "</m:"),
    "a comment": BASE.replace("<offset>", "<!-- c --><offset>").replace(" m 1 ", " m<!-- c --> 1 "),
    "an instruction": BASE.replace("<offset>", "<?p i?><offset>"),
    "indentation": BASE.replace("<Meter>", "\n\t <Meter>").replace("</Meter>", "\n</Meter>"),
    "a schema's location": BASE.replace(
        "<MeterReadings ",
        f'<MeterReadings xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="{NS} x.xsd" ',
    ),
    "character data": BASE.replace(" m 1 ", "<![CDATA[ m 1 ]]>"),
    "an empty tag": BASE.replace('<ReadingType ref="1"/>', '<ReadingType ref="1">\n</ReadingType>'),
    "a truth value": BASE.replace("true", "1"),
    "an integer": BASE.replace(">7<", "> +07<"),
    "a number": BASE.replace("0.5", "5E-1"),
    "the end of a day": BASE.replace("03-03T00", "03-02T24"),
    "digits of a second": BASE.replace("00:00Z", "00:00.000Z"),
    "the spelling of UTC": BASE.replace("00Z", "00+00:00"),
}

DIFFERENT = {
    "white space of a text": BASE.replace(" m 1 ", "m 1"),
    "a text": BASE.replace(" m 1 ", " m 2 "),
    "an attribute": BASE.replace('ref="2"', 'ref=" 2"'),
    "a missing attribute": BASE.replace(' ref="2"', ""),
    "a missing element": BASE.replace("<offset>7</offset>", ""),
    "an integer": BASE.replace(">7<", ">8<"),
    "a number": BASE.replace("0.5", "0.25"),
    "a truth value": BASE.replace("true", "false"),
    "an offset": BASE.replace("2026-03-03T00:00:00Z", "2026-03-03T01:00:00+01:00"),
    "a lost offset": BASE.replace("00Z", "00"),
    "a finer time": BASE.replace("00Z", "00.0000001Z"),
    "text between elements": BASE.replace("<Meter>", "x<Meter>"),
}


@pytest.mark.parametrize("name", EQUAL)
def test_documents_that_differ_in_spelling_only_are_equal(name: str) -> None:
    """What XML and XML Schema leave to the writer does not count."""
    assert EQUAL[name] != BASE
    assert canonical(EQUAL[name].encode()) == canonical(BASE.encode())


@pytest.mark.parametrize("name", DIFFERENT)
def test_documents_that_differ_in_content_are_not_equal(name: str) -> None:
    """Everything else does."""
    assert canonical(DIFFERENT[name].encode()) != canonical(BASE.encode())


def test_qualified_names_are_compared_by_namespace() -> None:
    """Another prefix for the same namespace is equal, the same prefix for another is not."""
    document = (
        '<FaultMessage xmlns="http://iec.ch/TC57/2011/schema/message"><Reply><Result>FAILED</Result><Error>'
        '<code>1.8</code><xpath xmlns:{0}="{1}">{0}:Meter</xpath></Error></Reply></FaultMessage>'
    )
    first, second, third = (
        canonical(document.format(*one).encode()) for one in (("a", "urn:x"), ("b", "urn:x"), ("a", "urn:y"))
    )
    assert first == second
    assert first != third
