"""For each kind of finding a message that must have it, and a near miss that must not.

A sample is a message, or a message with the request that it answers or follows. All are read leniently.
"""

from __future__ import annotations

import base64
import gzip
from typing import Final, TypeAlias

Sample: TypeAlias = str | tuple[str, str]

MESSAGE = 'xmlns="http://iec.ch/TC57/2011/schema/message"'
IDS = "<MessageID>m-2</MessageID><CorrelationID>c-1</CorrelationID>"
ASKED = "<MessageID>m-1</MessageID><CorrelationID>c-1</CorrelationID>"
METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
BULK = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
WITHOUT_PAYLOAD = ""


def head(verb: str, noun: str, more: str = "", ids: str = IDS) -> str:
    return f"<Header><Verb>{verb}</Verb><Noun>{noun}</Noun>{more}{ids}</Header>"


def rq(verb: str, noun: str = "MeterReadings", inside: str = "", more: str = "", ids: str = ASKED) -> str:
    return f"<RequestMessage {MESSAGE}>{head(verb, noun, more, ids)}{inside}</RequestMessage>"


def ev(verb: str, noun: str, inside: str = "", more: str = "", ids: str = IDS) -> str:
    return f"<EventMessage {MESSAGE}>{head(verb, noun, more, ids)}{inside}</EventMessage>"


def rs(
    reply: str = "<Result>OK</Result>",
    inside: str = "",
    *,
    verb: str = "reply",
    noun: str = "MeterReadings",
    more: str = "",
    ids: str = IDS,
) -> str:
    around = f"<Reply>{reply}</Reply>" if reply else ""
    return f"<ResponseMessage {MESSAGE}>{head(verb, noun, more, ids)}{around}{inside}</ResponseMessage>"


def said(result: str, *errors: str, more: str = "") -> str:
    """A reply's inside: the Result and an Error for each code, or for each piece of XML."""
    written = [one if one.startswith("<") else f"<Error><code>{one}</code></Error>" for one in errors]
    return f"<Result>{result}</Result>{''.join(written)}{more}"


def error(code: str, more: str = "") -> str:
    return f"<Error><code>{code}</code>{more}</Error>"


def carried(noun: str, inside: str) -> str:
    return f'<Payload><{noun} xmlns="http://iec.ch/TC57/2011/{noun}#">{inside}</{noun}></Payload>'


def asking(
    inside: str = f"<EndDevice><mRID>{METER}</mRID></EndDevice>", more: str = "", noun: str = "MeterReadings"
) -> str:
    return f'<Request>{more}<Get{noun} xmlns="http://iec.ch/TC57/2011/Get{noun}#">{inside}</Get{noun}></Request>'


def object_id(text: str = METER, attributes: str = 'kind="uuid"') -> str:
    return f"<ID {attributes}>{text}</ID>"


def reading(inside: str = "", time: str = "<timeStamp>2026-03-02T08:00:00Z</timeStamp>", value: str = "1") -> str:
    number = f"<value>{value}</value>" if value else ""
    return f'<Readings>{time}{number}{inside}<ReadingType ref="{BULK}"/></Readings>'


def meter_reading(inside: str, meter: str = METER) -> str:
    who = f"<Meter><mRID>{meter}</mRID></Meter>" if meter else ""
    return f"<MeterReading>{who}{inside}</MeterReading>"


def readings(*insides: str) -> str:
    return carried("MeterReadings", "".join(insides))


DATA = readings(meter_reading(reading()))


def compressed(payload: str) -> str:
    """The same payload, compressed, and its base64 broken into lines."""
    xml = payload.removeprefix("<Payload>").removesuffix("</Payload>").encode()
    text = base64.encodebytes(gzip.compress(xml, mtime=0)).decode()
    return f"<Payload><Compressed>{text}</Compressed><Format>XML</Format></Payload>"


def control(inside: str = "", *, kind: str = "3.31.0.23", devices: str = METER, key: str = "<mRID>c-1</mRID>") -> str:
    ref = f'<EndDeviceControlType ref="{kind}"/>' if kind else ""
    who = "".join(f"<EndDevices><mRID>{one}</mRID></EndDevices>" for one in devices.split())
    return f"<EndDeviceControl>{key}{ref}{who}{inside}</EndDeviceControl>"


def controls(*each: str, verb: str = "create", more: str = "") -> str:
    return rq(verb, "EndDeviceControls", carried("EndDeviceControls", "".join(each)), more)


def device_event(
    kind: str = "3.12.0.257", time: str = "2026-03-02T08:00:00Z", device: str = METER, inside: str = ""
) -> str:
    ref = f'<EndDeviceEventType ref="{kind}"/>' if kind else ""
    when = f"<createdDateTime>{time}</createdDateTime>" if time else ""
    who = f"<Assets><mRID>{device}</mRID></Assets>" if device else ""
    return f"<EndDeviceEvent>{when}{ref}{who}{inside}</EndDeviceEvent>"


def device_events(*each: str, verb: str = "created") -> str:
    return ev(verb, "EndDeviceEvents", carried("EndDeviceEvents", "".join(each)))


def operation(
    number: str = "1", verb: str = "create", noun: str = "MeterConfig", inside: str = "", more: str = ""
) -> str:
    inside = inside or "<Meter><mRID>m</mRID><serialNumber>1</serialNumber></Meter>"
    content = f'<{noun} xmlns="http://iec.ch/TC57/2011/{noun}#">{inside}</{noun}>' if noun else ""
    parts = (("operationId", number), ("noun", noun), ("verb", verb))
    named = "".join(f"<{name}>{text}</{name}>" for name, text in parts if text)
    return f"<Operation>{named}{more}{content}</Operation>"


def operations(*each: str, flags: str = "", verb: str = "execute") -> str:
    return rq(verb, "OperationSet", f"<Payload><OperationSet>{flags}{''.join(each)}</OperationSet></Payload>")


def executed(*each: str) -> str:
    inside = f"<Payload><OperationSet>{''.join(each)}</OperationSet></Payload>"
    return ev("executed", "OperationSet", inside)


def meter_config(inside: str, root: str = "") -> str:
    return rq("create", "MeterConfig", carried("MeterConfig", f"<Meter><mRID>m</mRID>{inside}</Meter>{root}"))


def name(text: str, kind: str = "", authority: str = "") -> str:
    who = f"<NameTypeAuthority><name>{authority}</name></NameTypeAuthority>" if authority else ""
    typed = f"<NameType><name>{kind}</name>{who}</NameType>" if kind else ""
    return f"<Names><name>{text}</name>{typed}</Names>"


ZERO = "00000000-0000-0000-0000-000000000000"
GET = rq("get", inside=asking())
ASYNC = "<AsyncReplyFlag>true</AsyncReplyFlag>"
SYNC = "<AsyncReplyFlag>false</AsyncReplyFlag>"
ONE_WAY = "<AckRequired>false</AckRequired>"
QUEUE = "<ReplyAddress>queue:ONE</ReplyAddress>"
ASYNC_GET = rq("get", inside=asking(), more=ASYNC + QUEUE)
CREATE_DATA = rq("create", inside=DATA)
DISCONNECT = controls(control())
LINK = "<Meter><mRID>m</mRID></Meter><UsagePoint><mRID>u</mRID></UsagePoint>"
SET = operations(operation("1"), operation("2"))
ALL_OR_NOTHING = operations(
    operation("1"), operation("2"), flags="<enforceTransactionalIntegrity>true</enforceTransactionalIntegrity>"
)
IN_ORDER = "<enforceMsgSequence>true</enforceMsgSequence>"
MEMBERS = "<elementOperation>true</elementOperation>"
START = "<primaryDeviceTiming><interval><start>{}</start></interval></primaryDeviceTiming>"
SENT = "<Timestamp>2026-03-02T08:00:00Z</Timestamp>"
LATER = "<Timestamp>2026-03-02T08:00:01Z</Timestamp>"

CASES: Final[dict[str, tuple[Sample, Sample]]] = {
    # header
    "verb-case": (rq("Get", inside=asking()), GET),
    "verb-deprecated": (rq("update", inside=DATA), rq("change", inside=DATA)),
    "verb-unknown": (rq("subscribe"), GET),
    "request-verb": (rq("created", inside=DATA), rq("created", inside=DATA, more=ONE_WAY)),
    "reply-verb": (rs(verb="created"), rs()),
    "event-verb": (ev("create", "MeterReadings", DATA), ev("create", "MeterReadings", DATA, more=ONE_WAY)),
    "noun-missing": (rq("get", " ", asking()), GET),
    "noun-variant": (rq("get", "GetMeterReadings", asking()), GET),
    "noun-unknown": (rq("get", "MeterWhatever", asking()), GET),
    "noun-not-content": (rq("get", "MeterConfig", asking()), GET),
    "noun-of-operation-set": (
        rq("execute", "MeterConfig", "<Payload><OperationSet/></Payload>"),
        rs(noun="OperationSet"),
    ),
    "message-id-missing": (rq("get", inside=asking(), ids=""), GET),
    "message-id-zero": (
        rq("get", inside=asking(), ids=f"<MessageID>{ZERO}</MessageID>"),
        rq("get", inside=asking(), ids=f"<MessageID>{METER}</MessageID>"),
    ),
    "message-id-prefixed": (
        rq("get", inside=asking(), ids=f"<MessageID>MSG-{METER}</MessageID>"),
        rq("get", inside=asking(), ids="<MessageID>MSG-1</MessageID>"),
    ),
    "correlation-blank": (rq("get", inside=asking(), ids="<CorrelationID> </CorrelationID>"), GET),
    "correlation-placeholder": (rq("get", inside=asking(), ids="<CorrelationID>String</CorrelationID>"), GET),
    "correlation-equals-message-id": (
        rq("get", inside=asking(), ids="<MessageID>a</MessageID><CorrelationID>a</CorrelationID>"),
        GET,
    ),
    "correlation-is-own-message-id": (
        rs(ids="<MessageID>a</MessageID><CorrelationID>a</CorrelationID>"),
        ev("created", "MeterReadings", DATA, ids="<MessageID>a</MessageID><CorrelationID>a</CorrelationID>"),
    ),
    "reply-without-correlation": (
        rs(ids="<MessageID>m-2</MessageID>"),
        (rs(ids="<MessageID>m-2</MessageID>"), rq("get", inside=asking(), ids="")),
    ),
    "async-without-reply-address": (rq("get", inside=asking(), more=ASYNC), ASYNC_GET),
    "reply-address-without-async": (rq("get", inside=asking(), more=SYNC + QUEUE), ASYNC_GET),
    "reply-address-form": (
        rq("get", inside=asking(), more=ASYNC + "<ReplyAddress>NONE</ReplyAddress>"),
        rq("get", inside=asking(), more=ASYNC + "<ReplyAddress>https://mdms.example/reply</ReplyAddress>"),
    ),
    "one-way-get": (rq("get", inside=asking(), more=ONE_WAY), rq("create", inside=DATA, more=ONE_WAY)),
    "one-way-with-reply-address": (
        rq("create", inside=DATA, more=ONE_WAY + QUEUE),
        rq("create", inside=DATA, more=ONE_WAY),
    ),
    "event-with-acknowledgement": (
        ev("created", "MeterReadings", DATA, more="<AckRequired>true</AckRequired>"),
        ev("created", "MeterReadings", DATA, more=ONE_WAY),
    ),
    "reply-with-request-header": (rs(more=ASYNC + QUEUE), rs(more=SYNC)),
    "timestamp-without-offset": (
        rq("get", inside=asking(), more="<Timestamp>2026-03-02T08:00:00</Timestamp>"),
        rq("get", inside=asking(), more="<Timestamp>2026-03-02T08:00:00+01:00</Timestamp>"),
    ),
    "property-repeated": (
        rq("get", inside=asking(), more="<Property><Name>a</Name></Property><Property><Name>a</Name></Property>"),
        rq("get", inside=asking(), more="<Property><Name>a</Name></Property><Property><Name>b</Name></Property>"),
    ),
    "page-of-many": (
        ev(
            "created",
            "MeterReadings",
            DATA,
            more="<Property><Name>MessageIndex</Name><Value>1/2</Value></Property>",
        ),
        ev(
            "created",
            "MeterReadings",
            DATA,
            more="<Property><Name>MessageIndex</Name><Value>1/1</Value></Property>",
        ),
    ),
    "page-out-of-range": (
        ev("created", "MeterReadings", DATA, more="<Property><Name>MessageIndex</Name><Value>3/2</Value></Property>"),
        ev("created", "MeterReadings", DATA, more="<Property><Name>MessageIndex</Name><Value>2/2</Value></Property>"),
    ),
    "page-marker": (
        rq("get", inside=asking(more="<Option><name>$page.marker</name></Option>")),
        rq("get", inside=asking(more="<Option><name>timeout</name></Option>")),
    ),
    "header-extension": (
        rq("get", inside=asking(), more='<Route xmlns="urn:example:routes">north</Route>'),
        rq("get", inside=asking(), more="<Comment>north</Comment>"),
    ),
    "header-credential": (
        rq("get", inside=asking(), more='<Authorization xmlns="">Bearer abc</Authorization>'),
        rq("get", inside=asking(), more='<Route xmlns="urn:example:routes">north</Route>'),
    ),
    "unknown-content": (
        operations(operation("1", more="<timesliceOperation>true</timesliceOperation>")),
        operations(operation("1")),
    ),
    # request
    "payload-missing": (rq("create"), CREATE_DATA),
    "payload-not-expected": (rq("get", inside=asking() + DATA), GET),
    "query-in-payload": (
        rq("get", inside=carried("GetMeterReadings", f"<EndDevice><mRID>{METER}</mRID></EndDevice>")),
        GET,
    ),
    "objects-missing": (
        rq("cancel", "EndDeviceControls"),
        rq("cancel", "EndDeviceControls", f"<Request>{object_id()}</Request>"),
    ),
    "objects-in-payload": (
        controls(control(), verb="cancel"),
        rq("delete", "MasterDataLinkageConfig", carried("MasterDataLinkageConfig", LINK)),
    ),
    "profile-in-request": (
        rq(
            "delete",
            "MeterConfig",
            carried("MeterConfig", "<Meter><mRID>m</mRID></Meter>").replace("Payload>", "Request>"),
        ),
        rq("delete", "MeterConfig", carried("MeterConfig", "<Meter><mRID>m</mRID></Meter>")),
    ),
    "query-not-expected": (rq("create", inside=asking() + DATA), CREATE_DATA),
    "query-missing": (
        rq("get", inside=asking("")),
        rq("get", inside="<Request><StartTime>2026-03-02T08:00:00Z</StartTime></Request>"),
    ),
    "query-without-get": (
        rq(
            "get",
            "MeterConfig",
            carried("MeterConfig", "<Meter><mRID>m</mRID></Meter>").replace("Payload>", "Request>"),
        ),
        rq("get", "MeterConfig", asking("<Meter><mRID>m</mRID></Meter>", noun="MeterConfig")),
    ),
    "query-overrides": (
        rq("get", inside=asking(more=object_id())),
        rq("get", inside=f"<Request>{object_id()}</Request>"),
    ),
    "request-period-reversed": (
        rq(
            "get",
            inside="<Request><StartTime>2026-03-02T08:00:00Z</StartTime><EndTime>2026-03-01T08:00:00Z</EndTime></Request>",
        ),
        rq(
            "get",
            inside="<Request><StartTime>2026-03-02T08:00:00Z</StartTime><EndTime>2026-03-02T08:00:00Z</EndTime></Request>",
        ),
    ),
    "legacy-read-request": (rq("create", inside=readings(meter_reading(""))), CREATE_DATA),
    "query-reading-type-ref": (
        rq("get", inside=asking(f'<ReadingType ref="{BULK}"/>')),
        rq("get", inside=asking(f"<ReadingType><Names><name>{BULK}</name></Names></ReadingType>")),
    ),
    "query-reading-type-empty": (
        rq("get", inside=asking("<ReadingType><Names/></ReadingType>")),
        rq("get", inside=asking(f"<ReadingType><Names><name>{BULK}</name></Names></ReadingType>")),
    ),
    "query-meter-element": (rq("get", inside=asking(f"<Meter><mRID>{METER}</mRID></Meter>")), GET),
    # payload
    "payload-choice": (
        rq("create", inside=f"<Payload><Compressed>abcd</Compressed>{object_id()}</Payload>"),
        CREATE_DATA,
    ),
    "payload-empty": (rs(inside="<Payload/>"), rs(inside=WITHOUT_PAYLOAD)),
    "several-payloads": (
        rq("create", inside=f"{DATA}{DATA}".replace("</Payload><Payload>", "")),
        CREATE_DATA,
    ),
    "payload-without-content": (rq("create", inside=readings("<MeterReading/>")), CREATE_DATA),
    "compressed-unreadable": (
        rq("create", inside="<Payload><Compressed>[nothing]</Compressed><Format>XML</Format></Payload>"),
        rq("create", inside=compressed(DATA)),
    ),
    "compressed-without-format": (
        rq("create", inside="<Payload><Compressed>abcd</Compressed></Payload>"),
        rq("create", inside="<Payload><Compressed>abcd</Compressed><Format>CSV</Format></Payload>"),
    ),
    "format-without-compressed": (
        rq("create", inside=DATA.replace("</Payload>", "<Format>CSV</Format></Payload>")),
        rq("create", inside=DATA.replace("</Payload>", "<Format>XML</Format></Payload>")),
    ),
    # identity
    "id-blank": (
        rq("cancel", "EndDeviceControls", f"<Request>{object_id(' ')}</Request>"),
        rq("cancel", "EndDeviceControls", f"<Request>{object_id()}</Request>"),
    ),
    "id-kind-missing": (rs(said("OK", "0.0", more=object_id(METER, ""))), rs(said("OK", "0.0", more=object_id()))),
    "id-kind-unknown": (
        rs(said("OK", "0.0", more=object_id(METER, 'kind="mRID"'))),
        rs(said("OK", "0.0", more=object_id("7", 'kind="other"'))),
    ),
    "id-not-uuid": (
        rs(said("OK", "0.0", more=object_id("B-1001"))),
        rs(said("OK", "0.0", more=object_id("B-1001", 'kind="transaction"'))),
    ),
    "id-name-without-type": (
        rs(said("FAILED", error("2.4", object_id("B-1001", 'kind="name" objectType="Meter"')))),
        rs(said("FAILED", error("2.6", object_id(BULK, 'kind="name" objectType="ReadingType"')))),
    ),
    "id-attribute-blank": (
        rs(said("OK", "0.0", more=object_id(METER, 'kind="uuid" idType=""'))),
        rs(said("OK", "0.0", more=object_id())),
    ),
    "names-without-type": (
        meter_config(name("A", "Badge") + name("B")),
        meter_config(name("A") + "<serialNumber>1</serialNumber>"),
    ),
    "names-ambiguous": (
        meter_config(name("A", "Badge", "One") + name("B", "Badge", "One")),
        meter_config(name("A", "Badge", "One") + name("B", "Badge", "Two")),
    ),
    "unresolved-reference": (
        meter_config('<SimpleEndDeviceFunction ref="f-1"/>'),
        meter_config(
            '<SimpleEndDeviceFunction ref="f-1"/>',
            "<SimpleEndDeviceFunction><mRID>f-1</mRID></SimpleEndDeviceFunction>",
        ),
    ),
    "ambiguous-reference": (
        meter_config(
            '<SimpleEndDeviceFunction ref="f-1"/>',
            "<SimpleEndDeviceFunction><mRID>f-1</mRID></SimpleEndDeviceFunction>"
            "<SimpleEndDeviceFunction><mRID>f-1</mRID><enabled>true</enabled></SimpleEndDeviceFunction>",
        ),
        meter_config(
            '<SimpleEndDeviceFunction ref="f-1"/>',
            "<SimpleEndDeviceFunction><mRID>f-1</mRID></SimpleEndDeviceFunction>",
        ),
    ),
    "code-shape": (
        rq("create", inside=DATA.replace(BULK, "3.0.129.160")),
        rq("create", inside=DATA.replace(BULK, "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.-3.72.0")),
    ),
    # replies
    "result-missing": (rs(""), rs()),
    "result-not-standard": (rs("<Result>FATAL</Result>"), rs()),
    "ok-with-failure-code": (rs(said("OK", "2.4")), rs(said("OK", "0.0"))),
    "ok-with-remark": (rs(said("OK", "5.7")), rs(said("OK", "0.0"))),
    "failed-without-code": (rs(said("FAILED")), rs(said("FAILED", "2.4"))),
    "failed-with-success-code": (rs(said("FAILED", "0.0")), rs(said("FAILED", "0.0", "2.4"))),
    "success-beside-failure": (
        rs(said("FAILED", "0.0", "2.4")),
        rs(
            said("FAILED", error("0.0", "<operationId>1</operationId>"), error("2.4", "<operationId>2</operationId>")),
            noun="OperationSet",
        ),
    ),
    "partial-without-part-code": (rs(said("PARTIAL", "2.4")), rs(said("PARTIAL", "0.1", "2.4"))),
    "part-code-without-partial": (rs(said("OK", "0.1")), rs(said("PARTIAL", "0.2"))),
    "both-part-codes": (rs(said("PARTIAL", "0.1", "0.2")), rs(said("PARTIAL", "0.1"))),
    "acknowledgement-not-ok": (rs(said("FAILED", "0.3")), rs(said("OK", "0.3"))),
    "acknowledgement-with-payload": (rs(said("OK", "0.3"), DATA), rs(said("OK", "0.0"), DATA)),
    "acknowledgement-with-other-code": (rs(said("OK", "0.3", "0.0")), rs(said("OK", "0.3"))),
    "code-missing": (rs(said("FAILED", "2.4", "<Error><reason>no</reason></Error>")), rs(said("FAILED", "2.4"))),
    "code-not-dotted": (rs(said("FAILED", "SIM1044")), rs(said("FAILED", "2.4"))),
    "code-unknown": (rs(said("FAILED", "2.99")), rs(said("FAILED", "2.10"))),
    "level-not-standard": (
        rs(said("FAILED", error("2.4", "<level>INFO</level>"))),
        rs(said("FAILED", error("2.4", "<level>WARNING</level>"))),
    ),
    "level-contradicts-code": (
        rs(said("OK", error("0.0", "<level>FATAL</level>"))),
        rs(said("FAILED", error("2.4", "<level>WARNING</level>"))),
    ),
    "failure-without-object": (rs(said("FAILED", "2.4"), DATA), rs(said("FAILED", error("2.4", object_id())), DATA)),
    "error-object-deprecated": (
        rs(said("FAILED", error("2.4", "<object><mRID>m</mRID></object>"))),
        rs(said("FAILED", error("2.4", object_id()))),
    ),
    "operation-id-not-expected": (
        rs(said("OK", "0.0", more="<operationId>1</operationId>")),
        rs(said("OK", "0.0", more="<operationId>1</operationId>"), noun="OperationSet"),
    ),
    "operation-ids-disagree": (
        rs(
            said("OK", error("0.0", "<operationId>2</operationId>"), more="<operationId>1</operationId>"),
            noun="OperationSet",
        ),
        rs(
            said("OK", error("0.0", "<operationId>1</operationId>"), more="<operationId>1</operationId>"),
            noun="OperationSet",
        ),
    ),
    "fault-not-failed": (
        f"<FaultMessage {MESSAGE}><Reply>{said('OK', '1.8')}</Reply></FaultMessage>",
        f"<FaultMessage {MESSAGE}><Reply>{said('FAILED', '1.8')}</Reply></FaultMessage>",
    ),
    # with the request
    "noun-changed": ((rs(noun="MeterConfig"), GET), (rs(), GET)),
    "correlation-mismatch": (
        (rs(ids="<CorrelationID>c-9</CorrelationID>"), GET),
        (rs(ids="<CorrelationID>m-1</CorrelationID>"), rq("get", inside=asking(), ids="<MessageID>m-1</MessageID>")),
    ),
    "correlation-invented": (
        (rs(), rq("get", inside=asking(), ids="")),
        (rs(ids="<MessageID>m-2</MessageID>"), rq("get", inside=asking(), ids="")),
    ),
    "message-id-reused": ((rs(ids=ASKED), GET), (rs(), GET)),
    "reply-to-one-way": ((rs(), rq("create", inside=DATA, more=ONE_WAY)), (rs(), CREATE_DATA)),
    "payload-on-reply": ((rs(inside=DATA), CREATE_DATA), (rs(inside=DATA), GET)),
    "acknowledgement-not-asked": ((rs(said("OK", "0.3")), GET), (rs(said("OK", "0.3")), ASYNC_GET)),
    "acknowledgement-without-code": ((rs(), ASYNC_GET), (rs(inside=DATA), ASYNC_GET)),
    "get-without-data": ((rs(), GET), (rs(), CREATE_DATA)),
    "context-changed": (
        (rs(more="<Context>TESTING</Context>"), rq("get", inside=asking(), more="<Context>PRODUCTION</Context>")),
        (rs(more="<Context>Testing</Context>"), rq("get", inside=asking(), more="<Context>TESTING</Context>")),
    ),
    "reply-older-than-request": (
        (rs(more=SENT), rq("get", inside=asking(), more=LATER)),
        (rs(more=SENT), rq("get", inside=asking(), more=SENT)),
    ),
    "operation-unknown": (
        (rs(said("OK", more="<operationId>3</operationId>"), noun="OperationSet"), SET),
        (rs(said("OK", more="<operationId>2</operationId>"), noun="OperationSet"), SET),
    ),
    "integrity-broken": (
        (
            rs(
                said(
                    "FAILED", error("0.0", "<operationId>1</operationId>"), error("2.4", "<operationId>2</operationId>")
                ),
                noun="OperationSet",
            ),
            ALL_OR_NOTHING,
        ),
        (
            rs(
                said(
                    "FAILED", error("5.9", "<operationId>1</operationId>"), error("2.4", "<operationId>2</operationId>")
                ),
                noun="OperationSet",
            ),
            ALL_OR_NOTHING,
        ),
    ),
    "event-of-other-verb": (
        (ev("changed", "EndDeviceControls", carried("EndDeviceControls", control())), DISCONNECT),
        (device_events(device_event("3.31.0.68"), verb="closed"), DISCONNECT),
    ),
    "event-without-correlation": (
        (ev("created", "MeterReadings", DATA, ids=""), GET),
        (ev("created", "MeterReadings", DATA), GET),
    ),
    "event-differs-from-request": (
        (ev("created", "EndDeviceControls", carried("EndDeviceControls", control(kind="3.31.0.18"))), DISCONNECT),
        (ev("created", "MeterReadings", DATA), rq("create", inside=readings(meter_reading("")))),
    ),
    # operation sets
    "operation-set-empty": (operations(), SET),
    "operation-id-repeated": (operations(operation("1"), operation("1")), SET),
    "operation-id-missing": (operations(operation("")), SET),
    "operation-verb-case": (operations(operation(verb="Create")), SET),
    "operation-verb-missing": (operations(operation(verb="")), SET),
    "operation-verb": (operations(operation(verb="created")), executed(operation(verb="created"))),
    "operation-noun-missing": (operations(operation().replace("<noun>MeterConfig</noun>", "")), SET),
    "operation-noun-not-content": (
        operations(operation().replace("<noun>MeterConfig</noun>", "<noun>Meter</noun>")),
        SET,
    ),
    "operation-without-content": (operations("<Operation><operationId>1</operationId></Operation>"), SET),
    "operations-not-ascending": (
        operations(operation("2"), operation("1"), flags=IN_ORDER),
        operations(operation("2"), operation("1")),
    ),
    "integrity-not-stated": (SET, ALL_OR_NOTHING),
    "order-not-enforced": (
        operations(operation("1"), operation("2", noun="MasterDataLinkageConfig", inside=LINK)),
        operations(operation("1"), operation("2", noun="MasterDataLinkageConfig", inside=LINK), flags=IN_ORDER),
    ),
    "element-operation-without-delete": (
        operations(operation(verb="change", more=MEMBERS)),
        operations(operation(verb="delete", more=MEMBERS)),
    ),
    "element-delete-without-member": (
        operations(operation(verb="delete", more=MEMBERS, inside="<Meter><mRID>m</mRID></Meter>")),
        operations(
            operation(
                verb="delete",
                more=MEMBERS,
                inside="<Meter><mRID>m</mRID><Names><name>a name that goes</name></Names></Meter>",
            )
        ),
    ),
    "delete-with-members": (
        operations(operation(verb="delete")),
        operations(operation(verb="delete", inside="<Meter><mRID>m</mRID></Meter>")),
    ),
    "change-without-change": (
        rq("change", "MeterConfig", carried("MeterConfig", "<Meter><mRID>m</mRID></Meter>")),
        rq(
            "change",
            "MeterConfig",
            carried("MeterConfig", "<Meter><mRID>m</mRID><serialNumber>1</serialNumber></Meter>"),
        ),
    ),
    # readings
    "reading-of-nobody": (rq("create", inside=readings(meter_reading(reading(), ""))), CREATE_DATA),
    "meter-repeated": (
        rq("create", inside=readings(meter_reading(reading()), meter_reading(reading()))),
        rq("create", inside=readings(meter_reading(reading()), meter_reading(reading(), "other"))),
    ),
    "reading-without-value": (
        rq("create", inside=readings(meter_reading(reading(time="", value="")))),
        rq("create", inside=readings(meter_reading(reading(value="")))),
    ),
    "reading-without-time": (
        rq("create", inside=readings(meter_reading(reading(time="")))),
        rq(
            "create",
            inside=readings(
                meter_reading(reading(time="") + "<valuesInterval><end>2026-03-02T08:00:00Z</end></valuesInterval>")
            ),
        ),
    ),
    "time-without-offset": (
        rq("create", inside=readings(meter_reading(reading(time="<timeStamp>2026-03-02T08:00:00</timeStamp>")))),
        CREATE_DATA,
    ),
    "reading-times-contradict": (
        rq(
            "create",
            inside=readings(meter_reading(reading("<timePeriod><end>2026-03-02T07:00:00Z</end></timePeriod>"))),
        ),
        rq(
            "create",
            inside=readings(meter_reading(reading("<timePeriod><end>2026-03-02T08:00:00Z</end></timePeriod>"))),
        ),
    ),
    "period-reversed": (
        rq(
            "create",
            inside=readings(
                meter_reading(
                    reading(
                        "<timePeriod><end>2026-03-02T08:00:00Z</end><start>2026-03-02T09:00:00Z</start></timePeriod>",
                        "",
                    )
                )
            ),
        ),
        CREATE_DATA,
    ),
    "reading-contradicted": (
        rq("create", inside=readings(meter_reading(reading() + reading(value="2")))),
        rq("create", inside=readings(meter_reading(reading() + reading()))),
    ),
    "quality-with-comment": (
        rq(
            "create",
            inside=readings(meter_reading(reading("<ReadingQualities><comment>7</comment></ReadingQualities>"))),
        ),
        CREATE_DATA,
    ),
    "quality-private": (
        rq(
            "create",
            inside=readings(
                meter_reading(reading('<ReadingQualities><ReadingQualityType ref="5.4.260"/></ReadingQualities>'))
            ),
        ),
        rq(
            "create",
            inside=readings(
                meter_reading(reading('<ReadingQualities><ReadingQualityType ref="1.4.2"/></ReadingQualities>'))
            ),
        ),
    ),
    # controls
    "control-type-missing": (controls(control("<EndDeviceControlType/>", kind="")), DISCONNECT),
    "control-type-repeated": (controls(control('<EndDeviceControlType ref="3.31.0.18"/>')), DISCONNECT),
    "control-meaning-elsewhere": (
        controls(control(kind="", key="<reason>disconnect</reason><mRID>c-1</mRID>")),
        controls(control(key="<reason>non-payment</reason><mRID>c-1</mRID>")),
    ),
    "control-without-target": (
        controls(control(devices="")),
        controls(control("<EndDeviceGroups><Names><name>G</name></Names></EndDeviceGroups>", devices="")),
    ),
    "control-device-repeated": (controls(control(devices=f"{METER} {METER}")), controls(control(devices=f"{METER} b"))),
    "controls-contradict": (
        controls(control(), control(kind="3.31.0.18", key="<mRID>c-2</mRID>")),
        controls(
            control(START.format("2026-03-03T08:00:00Z")),
            control(START.format("2026-03-04T08:00:00Z"), kind="3.31.0.18", key="<mRID>c-2</mRID>"),
        ),
    ),
    "several-actions": (
        controls(
            control("<PanDisplay><duration>1</duration></PanDisplay><PanPricing><duration>1</duration></PanPricing>")
        ),
        controls(control("<PanDisplay><duration>1</duration></PanDisplay>")),
    ),
    "control-without-limit": (controls(control(kind="3.31.139.26")), controls(control(kind="3.31.139.22"))),
    "control-in-the-past": (
        controls(control(START.format("2026-03-02T07:59:59Z")), more=SENT),
        controls(control(START.format("2026-03-02T08:00:00Z")), more=SENT),
    ),
    "control-period-reversed": (
        controls(
            control(
                "<primaryDeviceTiming><interval><end>2026-03-02T08:00:00Z</end><start>2026-03-02T09:00:00Z</start>"
                "</interval></primaryDeviceTiming>"
            )
        ),
        controls(control(START.format("2026-03-02T09:00:00Z"))),
    ),
    "duration-contradicts": (
        controls(
            control(
                "<primaryDeviceTiming><duration>5</duration><durationIndefinite>true</durationIndefinite>"
                "</primaryDeviceTiming>"
            )
        ),
        controls(
            control(
                "<primaryDeviceTiming><duration>5</duration><durationIndefinite>false</durationIndefinite>"
                "</primaryDeviceTiming>"
            )
        ),
    ),
    "control-without-identity": (
        controls(control(key="")),
        controls(control(key="<issuerTrackingID>SO-1</issuerTrackingID>")),
    ),
    "demand-response-without-key": (
        controls(control("<PanDemandResponse><duration>5</duration></PanDemandResponse>", kind="12.15.43.300")),
        controls(control("<PanDisplay><duration>5</duration></PanDisplay>", kind="12.13.112.77")),
    ),
    # events
    "event-without-payload": (
        ev("created", "EndDeviceEvents"),
        ev("deleted", "MeterConfig", f"<Payload>{object_id()}</Payload>"),
    ),
    "event-with-ids-only": (
        ev("created", "MeterConfig", f"<Payload>{object_id()}</Payload>"),
        ev("deleted", "MeterConfig", f"<Payload>{object_id()}</Payload>"),
    ),
    "event-type-missing": (device_events(device_event("")), device_events(device_event())),
    "event-meaning-in-reason": (
        device_events(device_event("", inside="<reason>outage</reason>")),
        device_events(device_event(inside="<reason>outage</reason>")),
    ),
    "event-device-type-open": (device_events(device_event("0.12.0.257")), device_events(device_event())),
    "event-clearing": (device_events(device_event("3.12.0.28")), device_events(device_event())),
    "event-closed": (device_events(device_event(), verb="closed"), device_events(device_event())),
    "event-time-missing": (device_events(device_event(time="")), device_events(device_event())),
    "event-of-nobody": (
        device_events(device_event(device="")),
        ev(
            "created",
            "MeterReadings",
            readings(meter_reading(device_event(device="").replace("EndDeviceEvent>", "EndDeviceEvents>"))),
        ),
    ),
    "event-repeated": (
        device_events(device_event(), device_event()),
        device_events(device_event(), device_event(time="2026-03-02T08:00:01Z")),
    ),
}
