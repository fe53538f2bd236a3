"""A service that runs for months keeps nothing of the messages that it has read or refused.

libxml2 never forgets a name as long as the thread lives that met it, and lxml gives a parser that one thread began and
another closes the wrong names to free, which ends the process. So these tests run in processes of their own.
"""

from __future__ import annotations

import _thread
import os
import subprocess
import sys
import time

import pytest

from iec61968_9 import DecodeError, from_xml, iter_xml

running = _thread._count  # pyright: ignore[reportPrivateUsage]  # threading counts its own threads only
MESSAGE = "http://iec.ch/TC57/2011/schema/message"
READINGS = "http://iec.ch/TC57/2011/MeterReadings#"

NAMES = f"""
import itertools
import resource
from iec61968_9 import Iec61968Error, ForeignElement, from_xml, iter_xml, validate
from iec61968_9.exchange import read_message

fresh = itertools.count()

def made_up(at):
    return "".join(f"<n{{next(fresh)}}-{{'x' * 60}}/>" for one in range(1000))

def document(inside="", more=""):
    header = f"<Header><Verb>created</Verb><Noun>MeterReadings</Noun>{{inside}}</Header>"
    payload = '<Payload><MeterReadings xmlns="{READINGS}"><MeterReading/></MeterReadings></Payload>'
    return f'<EventMessage xmlns="{MESSAGE}" {{more}}>{{header}}{{payload}}</EventMessage>'

def refused(at): from_xml(document(made_up(at)))
def lenient(at): from_xml(document(made_up(at)), mode="lenient")
def invalid(at): validate(document(made_up(at)))
def broken(at): from_xml(document(made_up(at))[:-1])
def unknown(at): from_xml(f"<a xmlns='urn:{{at}}'>{{made_up(at)}}</a>")
def prefixes(at): from_xml(document(more=made_up(at).replace("<", " xmlns:").replace("/>", "='urn:a'")))
def instructions(at): from_xml(document(made_up(at).replace("<", "<?").replace("/>", " ?>")))
def attributes(at): from_xml(document(made_up(at).replace("/>", "='1'").replace("<", " ")), mode="lenient")
def streamed(at): list(iter_xml(document(made_up(at)), "MeterReading", mode="lenient"))
def soap(at):
    envelope = "http://schemas.xmlsoap.org/soap/envelope/"
    body = f"<Body>{{document()}}</Body>"
    read_message(f'<Envelope xmlns="{{envelope}}"><Header>{{made_up(at)}}</Header>{{body}}</Envelope>')
def foreign(at): ForeignElement(f"<a>{{made_up(at)}}</a>").tag

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

work = [refused, lenient, invalid, broken, unknown, prefixes, instructions, attributes, streamed, soap, foreign]
before = 0
for at in range(40):
    if at == 2:
        before = peak()
    for one in work:
        try:
            one(at)
        except Iec61968Error:
            pass
print(peak() - before)
"""


def output(program: str) -> str:
    """What a program prints in a process of its own."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_names_that_are_made_up_for_each_message_do_not_stay() -> None:
    """There are 440,000 of them, for which libxml2 would take 33 MB."""
    grown = int(output(NAMES)) // (1 if sys.platform != "darwin" else 1024)
    assert grown < 16_000, f"{grown} KB"


@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_a_stream_may_go_on_in_another_thread(mode: str) -> None:
    """So do frameworks that have a pool of threads, and in this one the last thread has names of its own."""
    program = f"""
import threading
from iec61968_9 import from_xml, iter_xml

def document(at):
    names = "".join(f"<n{{at}}-{{one}}/>" for one in range(100)) if {mode!r} == "lenient" else ""
    header = f"<Header><Verb>created</Verb><Noun>MeterReadings</Noun>{{names}}</Header>"
    items = "".join(f"<MeterReading><Meter><mRID>{{one}}</mRID></Meter></MeterReading>" for one in range(3))
    payload = f'<Payload><MeterReadings xmlns="{READINGS}">{{items}}</MeterReadings></Payload>'
    return f'<EventMessage xmlns="{MESSAGE}">{{header}}{{payload}}</EventMessage>'

def elsewhere(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]

from_xml(document(0), mode={mode!r})
for at in range(100):
    stream = iter_xml(document(at), "MeterReading", mode={mode!r})
    found = [elsewhere(lambda: next(stream, None)) for _ in range(3)] + list(stream)
    assert len(found) == 3
    assert [item.meter.mrid for item in found] == ["0", "1", "2"], found
    assert stream.rest is not None
print("well")
"""
    assert output(program) == "well"


def test_no_thread_stays_behind() -> None:
    """Whether a stream ends, fails, is closed or only forgotten, its parser's thread ends."""
    item = "<MeterReading/>"
    whole = f'<MeterReadings xmlns="{READINGS}">{item * 5}</MeterReadings>'
    before = running()
    for _ in range(20):
        list(iter_xml(whole, "MeterReading"))
        with iter_xml(whole, "MeterReading") as stream:
            next(stream)
        next(iter_xml(whole, "MeterReading"))
        with pytest.raises(DecodeError):
            list(iter_xml(whole[:-5], "MeterReading"))
        from_xml(whole.replace(item, item * 10_000))
    deadline = time.monotonic() + 60
    while running() > before and time.monotonic() < deadline:
        os.sched_yield()
    assert running() <= before


def test_an_error_in_a_long_document_is_the_one_of_a_short_one() -> None:
    """Long documents are parsed in a thread of their own, which shows nowhere."""
    for filling in ("", " " * 200_000):
        with pytest.raises(DecodeError) as caught:
            from_xml(f"<MeterReadings xmlns='{READINGS}'>{filling}\n<MeterReading></MeterReadings>")
        assert caught.value.line == 2
        assert "MeterReading" in str(caught.value)
        assert caught.value.__cause__ is None
