"""What lenient reading says of the habits of real systems, word for word, with place, rule and level.

``pytest tests/lenient --update-golden`` writes the findings as they are now into ``words.txt``, for review as a diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.verbs.support import MESSAGE, NAMESPACE, READINGS, event, readings, request

from iec61968_9 import DecodeError, Report, from_xml, iter_xml

GOLDEN = Path(__file__).parent / "words.txt"
UUID = "0b6e9e35-65c1-4a5c-8c52-2fd1b3c19a7e"
GET = f'<GetMeterReadings xmlns="{NAMESPACE.format("GetMeterReadings")}">'
QUERY = f"{GET}<EndDevice><mRID>m</mRID></EndDevice></GetMeterReadings>"
CONFIG = f'<MeterConfig xmlns="{NAMESPACE.format("MeterConfig")}"/>'
TYPE = '<ReadingType ref="1"/>'
FAULT = '<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>s:Server</faultcode></s:Fault>'


def inside(content: str) -> str:
    return readings(f"\n<MeterReading>{content}</MeterReading>")


def reply(content: str) -> str:
    return (
        f'<ResponseMessage xmlns="{MESSAGE}"><Header><Verb>reply</Verb><Noun>MeterReadings</Noun></Header>'
        f"{content}</ResponseMessage>"
    )


def operations(*each: str, namespace: str = "") -> str:
    listed = "".join(f"\n<Operation>{one}</Operation>" for one in each)
    return request(f"<Payload><OperationSet{namespace}>{listed}</OperationSet></Payload>", verb="execute")


NUMBER = "<operationId>1</operationId>"
SECOND = "<operationId>2</operationId>"
DOCUMENTS: dict[str, str] = {
    # the envelope
    "nothing wrong": event(inside(f"<Readings><value>1</value>{TYPE}</Readings>")),
    "reply address that is none": request(QUERY).replace(
        "</Header>", "<ReplyAddress>somewhere</ReplyAddress></Header>"
    ),
    "reply address of nobody": request().replace(
        "</Header>", "<ReplyAddress> http://ip:port/x </ReplyAddress></Header>"
    ),
    "reply address without a host": request().replace("</Header>", "<ReplyAddress>http://:80</ReplyAddress></Header>"),
    "reply address": request().replace("</Header>", "<ReplyAddress>queue:a.b</ReplyAddress></Header>"),
    "reply address with a port": request().replace("</Header>", "<ReplyAddress>HTTP://h:80?x</ReplyAddress></Header>"),
    "header in disorder": event(inside("")).replace(
        "<Verb>created</Verb><Noun>MeterReadings</Noun>", "<Noun>MeterReadings</Noun><Verb>created</Verb>"
    ),
    "header extended": event(header='<Site xmlns="urn:v">1</Site><Own>2</Own>'),
    "verb unknown": event().replace("created", "Created"),
    "noun missing": event().replace("<Noun>MeterReadings</Noun>", ""),
    "reply without a result": reply("<Reply/>"),
    "result unknown": reply("<Reply><Result>Success</Result></Reply>"),
    "reply missing": reply(""),
    "error without a code": reply("<Reply><Result>FAILED</Result><Error><level>BAD</level></Error></Reply>"),
    "reply behind the payload": reply(f"<Payload>{readings()}</Payload><Reply><Result>OK</Result></Reply>"),
    # what a request asks with
    "payload in a get": request(f"<Request>{readings()}</Request>"),
    "payload in a request": request(f"<Request>{CONFIG}</Request>", noun="MeterConfig", verb="create"),
    "query in a payload": request(f"<Payload>{QUERY}</Payload>"),
    "payload of a get": request(f"<Payload>{readings()}</Payload>"),
    "query in an event": event(QUERY),
    "ID beside a query": request(f'<Request><ID kind="name">a</ID>{QUERY}</Request>'),
    "IDs alone": request('<Request><ID kind="name">a</ID><ID kind="uuid">b</ID></Request>'),
    "ID of no kind that is a name": request("<Request><ID>M-1</ID></Request>", verb="cancel"),
    "ID of no kind that is a uuid": request(f"<Request><ID> {UUID}\n</ID></Request>", verb="cancel"),
    "ID of no kind that is empty": request("<Request><ID/></Request>", verb="cancel"),
    "ID of a kind that is none": request('<Request><ID kind="serial">7</ID></Request>', verb="cancel"),
    "IDs of no kind in a reply": reply(
        f"<Reply><Result>OK</Result><Error><code>0.0</code><ID>urn:uuid:{UUID}</ID><relatedID>x</relatedID></Error>"
        "<ID>y</ID></Reply>"
    ),
    "IDs of no kind in a payload": event("<ID>z</ID>"),
    "request in disorder": request(f"<Request>{QUERY}<startTime>2026-03-02T00:00:00Z</startTime></Request>"),
    "request with more": request("<Request><Zone>north</Zone></Request>"),
    # payloads
    "payload that is empty": event().replace("</EventMessage>", "<Payload> \n</Payload></EventMessage>"),
    "payload of text": event("abc"),
    "payload of two roots": event(f'{readings()}\n<a xmlns="urn:a"/><b xmlns="urn:b"/>'),
    "payload of two payloads": event(f"{readings()}\n{CONFIG}"),
    "payload of four payloads": event(f"{readings()}\n{CONFIG}{CONFIG}{CONFIG}"),
    "payload of no namespace": event("<MeterReadings><MeterReading/></MeterReadings>"),
    "payload in the envelope's namespace": event(f'<MeterReadings xmlns="{MESSAGE}"/>'),
    "payload of another year": event(readings(namespace=READINGS.replace("2011", "2010"))),
    "payload beside IDs": event(f'<ID kind="name">a</ID>{readings()}'),
    "payload with a fault": event(f"\n{FAULT}"),
    "format in lower case": event(f"{readings()}\n<format>XML</format>"),
    "format in lower case beside the right one": event(f"{readings()}<format>XML</format><Format>XML</Format>"),
    "format in lower case twice": event(f"{readings()}<format>XML</format><format>XML</format>"),
    "format in lower case that says nothing": event(f"{readings()}<format>?</format>"),
    "compressed that says false": event("<Compressed>false</Compressed>"),
    # operations
    "operations": operations(f"{NUMBER}<noun>MeterConfig</noun><verb>create</verb>{CONFIG}"),
    "operation without a noun": operations(f"{NUMBER}<verb>create</verb>{CONFIG}"),
    "operation without a verb": operations(f"{NUMBER}<noun>MeterConfig</noun>{CONFIG}"),
    "operation without anything": operations(""),
    "operation with a verb in capital letters": operations(f"{NUMBER}<noun>MeterConfig</noun><verb> CREATE</verb>"),
    "operation with a verb that is none": operations(f"{NUMBER}<noun>MeterConfig</noun><verb>replace</verb>"),
    "operation with an empty verb": operations(f"{NUMBER}<noun>MeterConfig</noun><verb/>"),
    "two operations of one number": operations(NUMBER, "<operationId> +01 </operationId>"),
    "three operations, the last of one number": operations(NUMBER, SECOND, SECOND),
    "operations without numbers": operations("", ""),
    "operation in disorder": operations(f"<noun>MeterConfig</noun>{NUMBER}<verb>create</verb>"),
    "operation with more": operations(f"{NUMBER}<noun>MeterConfig</noun><verb>create</verb><comment>x</comment>"),
    "operations of another namespace": operations(
        f"{NUMBER}<noun>MeterConfig</noun><verb>create</verb>", namespace=' xmlns="urn:wrapper"'
    ),
    # what stands in a payload
    "placeholders": inside(f"<Readings><value>?</value><timeStamp>String</timeStamp>{TYPE}</Readings>"),
    "value that is empty": inside(f"<Readings><value/>{TYPE}</Readings>"),
    "shells": inside("<Meter><mRID/><Names/></Meter><valuesInterval/>"),
    "reading type without ref": inside("<Readings><value>1</value><ReadingType/></Readings>"),
    "reading type as a text": inside("<Readings><value>1</value><ReadingType>1</ReadingType></Readings>"),
    "times with blanks": inside(f"<Readings><timeStamp> 2026-03-02 08:00:00 </timeStamp>{TYPE}</Readings>"),
    "time that is none": inside(f"<Readings><timeStamp>soon</timeStamp>{TYPE}</Readings>"),
    "time without seconds": inside(f"<Readings><timeStamp>2026-03-02T08:00Z</timeStamp>{TYPE}</Readings>"),
    "number that is none": inside("<valuesInterval/><isCoincidentTrigger>ja</isCoincidentTrigger>"),
    "literal that is none": inside(f"<Readings><reason>Billing</reason>{TYPE}</Readings>"),
    "unknown elements": inside("<a/><a/><x:b xmlns:x='urn:x'>1</x:b>"),
    "unknown attributes": inside("<Meter a='1'><mRID b='2'>m</mRID></Meter>"),
    "text between": inside("abc<Meter/>def"),
    "names and meter in disorder": inside("<Meter><Names><name>a</name></Names><mRID>m</mRID></Meter>"),
    "readings before the meter": inside(f"<Readings>{TYPE}<value>1</value></Readings><Meter><mRID>m</mRID></Meter>"),
    "name type in disorder": inside(
        "<Meter><Names><name>a</name><NameType><name>n</name><description>d</description></NameType></Names></Meter>"
    ),
    "twice": inside("<Meter><mRID>1</mRID></Meter><Meter><mRID>2</mRID><mRID>3</mRID></Meter>"),
    "types and hints": inside(
        "<Meter xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='Meter' i:schemaLocation='a b'/>"
    ),
}


def said(source: str) -> list[str]:
    """What is said of a document read at once."""
    report = Report()
    try:
        from_xml(source, mode="lenient", report=report)
    except DecodeError as error:
        return [f"{type(error).__name__}, reply code {error.reply_code}", *str(error).splitlines()]
    return [f"{one.level}: {one}" for one in report]


def test_each_habit_is_told_in_the_words_that_were_reviewed(request: pytest.FixtureRequest) -> None:
    texts = "\n".join(line for name, source in DOCUMENTS.items() for line in (f"== {name}", *said(source))) + "\n"
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(texts, encoding="utf-8")
    assert texts == GOLDEN.read_text(encoding="utf-8")


def streamed(source: str) -> list[str]:
    """The same of its items."""
    report = Report()
    try:
        list(iter_xml(source, "MeterReading", mode="lenient", report=report))
    except DecodeError as error:
        return [f"{type(error).__name__}, reply code {error.reply_code}", *str(error).splitlines()]
    return [f"{one.level}: {one}" for one in report]


@pytest.mark.parametrize("name", [name for name, source in DOCUMENTS.items() if source.startswith("<MeterReadings")])
def test_a_stream_tells_the_same_of_its_items(name: str) -> None:
    found = [one.replace("MeterReading[1]", "MeterReading") for one in streamed(DOCUMENTS[name])]
    assert sorted(found) == sorted(said(DOCUMENTS[name]))
