"""A head end as a web service, and a client that asks it: SOAP over HTTP, with Python's standard library alone.

The service is a WSGI application, so any server runs it: gunicorn, mod_wsgi, a route of Flask or Django. Here it is
wsgiref, on a free port of this machine. The client shows what can come back: data and errors in one reply, a refusal, a
SOAP fault, and a page that is no message at all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from iec61968_9 import DecodeError, Reference, SoapFaultError
from iec61968_9.exchange import (
    Accepted,
    Conversation,
    Form,
    Refused,
    Service,
    SoapVersion,
    System,
    error,
    read_message,
    soap_action,
    write_message,
)
from iec61968_9.profiles import FaultMessage, GetMeterReadings, MeterConfig, MeterReadings, ResponseMessage
from iec61968_9.profiles.envelope import Error
from iec61968_9.profiles.get_meter_readings import EndDevice
from iec61968_9.profiles.meter_readings import Meter, MeterReading, Reading

KNOWN, UNKNOWN = (f"6a0d5c1e-0b1f-4c55-9c0e-0000000000a{number}" for number in (1, 2))
SOAP = Form(soap=SoapVersion.V1_1)

# -- the head end ----------------------------------------------------------------------------------------------------

HES = System(source="HES", context="TESTING")
SERVICE = Service(HES, offers={MeterReadings: {"get"}}, sources={"MDMS"})


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Check what was posted, and answer in the form in which it came."""
    if environ["PATH_INFO"] != "/meter-readings":
        start_response("404 Not Found", [("Content-Type", "text/html")])
        return [b"<!DOCTYPE html><html><head><title>Not Found</title></head></html>"]
    document = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    result = SERVICE.check(document)
    answer = result.answer if isinstance(result, Refused) else answered(result)
    if answer is None:  # to an event or a one-way request nothing is said
        start_response("202 Accepted", [])
        return []
    form = result.form.answering() if result.form is not None else SOAP
    media_type = form.soap.content_type if form.soap is not None else "text/xml; charset=utf-8"
    status = "500 Internal Server Error" if isinstance(answer, FaultMessage) else "200 OK"  # as SOAP 1.1 wants it
    start_response(status, [("Content-Type", media_type)])
    return [write_message(answer, form)]


def answered(accepted: Accepted) -> ResponseMessage[Any]:
    """Do what was asked for."""
    query = accepted.request.query
    if not isinstance(query, GetMeterReadings):
        return HES.fail(accepted.request, error("1.5", reason="only a GetMeterReadings is served"))
    found = MeterReadings()
    errors: list[Error] = []
    for device in query.end_device:
        if device.mrid == KNOWN:
            reading = Reading(
                time_stamp=datetime(2026, 3, 2, 8, tzinfo=UTC),
                value="1234.5",
                reading_type=Reference(ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"),
            )
            found.meter_reading.append(MeterReading(meter=Meter(mrid=device.mrid), readings=[reading]))
        else:
            errors.append(error("2.4", of=device, reason="no such meter"))
    return HES.reply(accepted.request, found, errors=errors)


# -- the client ------------------------------------------------------------------------------------------------------


def post(url: str, document: bytes, action: str) -> bytes:
    """Post a document; return the body of whatever comes back."""
    headers = {"Content-Type": SoapVersion.V1_1.content_type, "SOAPAction": f'"{action}"'}
    request = Request(url, document, headers)  # noqa: S310  # the address is the program's own
    try:
        with urlopen(request, timeout=30) as response:  # noqa: S310  # likewise
            return bytes(response.read())
    except HTTPError as refusal:  # SOAP sends faults with the status 500: the body says more than the status
        with refusal:
            return bytes(refusal.read())


def ask(url: str, request: Any) -> ResponseMessage[Any]:
    """Send a request, and give the reply to it."""
    body = post(url, write_message(request, SOAP), soap_action(request, SOAP))
    return read_message(body, ResponseMessage).message


def main() -> None:
    """Ask, and be answered in four ways."""
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/meter-readings"
    mdms = System(source="MDMS", context="TESTING")

    request = mdms.get(GetMeterReadings(end_device=[EndDevice(mrid=KNOWN), EndDevice(mrid=UNKNOWN)]))
    conversation = Conversation(request)
    conversation.receive(ask(url, request))
    for subject, outcome in conversation.outcomes.items():
        said = [item.readings[0].value for item in outcome.items] or [one.reason for one in outcome.errors]
        print(f"{subject}: {outcome.kind}, {said[0]}")

    refusal = ask(url, mdms.delete(MeterConfig, ids=[KNOWN]))
    print("refused:", refusal.reply.error[0].code, refusal.reply.error[0].details)

    try:
        read_message(post(url, b"<not a message", soap_action(request, SOAP)))
    except SoapFaultError as fault:
        print("fault:", fault.fault_code, "-", fault.reason.partition(";")[0])

    try:
        ask(url + "/moved", request)
    except DecodeError as stranger:
        print("no message:", stranger.message, "-", stranger.got)
    server.shutdown()
    server.server_close()


class Quiet(WSGIRequestHandler):
    """A handler that writes no log."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the standard library's
        """Write nothing."""


if __name__ == "__main__":
    main()
