"""What a wildcard holds and nobody knows: kept as it is, comparable, and written so that it means the same."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from iec61968_9 import EncodeError, ForeignElement, from_xml, to_xml
from iec61968_9.profiles.envelope import EventMessage, Header, Payload, Verb

MESSAGE = "http://iec.ch/TC57/2011/schema/message"
READINGS = "http://iec.ch/TC57/2011/MeterReadings#"

SAMPLES = {
    "no namespace": "<a><b/>text<c d='1'/></a>",
    "its own": "<a xmlns='urn:x'><b/></a>",
    "a prefix": "<x:a xmlns:x='urn:x'><x:b x:c='1' d='2'/></x:a>",
    "no namespace inside one": "<a xmlns='urn:x'><b xmlns=''><c/></b></a>",
    "a prefix without a default": "<x:a xmlns:x='urn:x'><b/></x:a>",
    "a prefix in content": "<a xmlns='urn:x' xmlns:t='urn:t' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
    "<b xsi:type='t:B'>t:value</b></a>",
    "the message's namespace as a prefix": f"<a xmlns='urn:x' xmlns:m='{MESSAGE}'><m:Header/></a>",
    "a profile's namespace": f"<Other xmlns='{READINGS}'><MeterReading/></Other>",
    "signs to be escaped": "<a xmlns='urn:x' b='&lt;&amp;&quot;&#9;&#10;&#13;'>&lt;&amp;]]&gt;&#13;\t\n</a>",
    "white space only": "<a xmlns='urn:x'> <b> </b>\n</a>",
    "xml attributes": "<a xmlns='urn:x' xml:lang='de' xml:space='preserve'> </a>",
    "ids twice, and one that is none": "<a xmlns='urn:x' xml:id='i'><b xml:id='i'/><c xml:id='1 2'/></a>",
    "beyond the BMP": "<a xmlns='urn:x'>\U0001f600</a>",
    "names beyond ASCII": "<größe xmlns='urn:x' änderung='1'/>",
    "a soap header": "<wsse:Security xmlns:wsse='urn:wsse' xmlns:env='urn:env' env:mustUnderstand='1'/>",
}


@pytest.fixture(params=sorted(SAMPLES))
def foreign(request: pytest.FixtureRequest) -> ForeignElement:
    """Each of the samples."""
    return ForeignElement(SAMPLES[str(request.param)])


def message(*contents: Any) -> EventMessage[Any]:
    return EventMessage(header=Header(verb=Verb.CREATED, noun="Something"), payload=Payload(contents=list(contents)))


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("pretty", [False, True])
@pytest.mark.parametrize("name", [name for name in sorted(SAMPLES) if name != "no namespace"])
def test_what_is_written_is_read_back_equal(name: str, mode: Any, pretty: bool) -> None:
    foreign = ForeignElement(SAMPLES[name])
    again = from_xml(to_xml(message(foreign, foreign), mode=mode, pretty=pretty), EventMessage[Any], mode=mode)
    assert again.payload is not None
    assert again.payload.contents == [foreign, foreign]


def test_what_has_no_namespace_stands_in_no_payload_and_is_kept_by_lenient_reading() -> None:
    foreign = ForeignElement(SAMPLES["no namespace"])
    with pytest.raises(EncodeError):
        to_xml(message(foreign))
    again = from_xml(to_xml(message(foreign), mode="lenient"), EventMessage[Any], mode="lenient")
    assert again.payload is not None
    assert again.payload.kept is not None
    assert again.payload.kept.elements == (foreign,)
    assert from_xml(to_xml(again, mode="lenient"), EventMessage[Any], mode="lenient") == again


def test_prefixes_that_stand_in_content_stay_declared() -> None:
    source = (
        f'<EventMessage xmlns="{MESSAGE}" xmlns:t="urn:t"><Header><Verb>created</Verb><Noun>X</Noun></Header>'
        '<Payload><a xmlns="urn:x"><b>t:value</b></a></Payload></EventMessage>'
    )
    found = from_xml(source, EventMessage[ForeignElement]).content
    assert found.element()[0].nsmap["t"] == "urn:t"
    written = etree.fromstring(to_xml(message(found)))
    inner = written.find(".//{urn:x}b")
    assert inner is not None
    assert inner.nsmap["t"] == "urn:t"


def test_a_name_without_namespace_does_not_fall_into_ours() -> None:
    written = to_xml(message(ForeignElement("<a xmlns='urn:x'><b xmlns=''/></a>")))
    assert etree.fromstring(written).find(".//b") is not None
    lenient = to_xml(message(ForeignElement("<a><b/></a>")), mode="lenient")
    assert etree.fromstring(lenient).find(".//a/b") is not None


def test_it_does_not_change(foreign: ForeignElement) -> None:
    for name in ("xml", "tag", "anything"):
        with pytest.raises(AttributeError):
            setattr(foreign, name, "<b/>")
        with pytest.raises(AttributeError):
            delattr(foreign, name)
    before = foreign.xml
    foreign.element().tag = "changed"
    assert foreign.xml == before
    assert foreign == ForeignElement(before)


def test_it_can_be_copied_pickled_and_hashed(foreign: ForeignElement) -> None:
    for other in (copy.copy(foreign), copy.deepcopy(foreign), pickle.loads(pickle.dumps(foreign))):  # noqa: S301  # ours
        assert other == foreign
        assert hash(other) == hash(foreign)
        assert other.xml == foreign.xml
    assert len({foreign, copy.copy(foreign)}) == 1


def test_prefixes_and_order_of_attributes_make_no_difference() -> None:
    one = ForeignElement("<x:a xmlns:x='urn:x' b='1' c='2'/>")
    other = ForeignElement("<a xmlns='urn:x' c='2' b='1'></a>")
    assert one.tag == other.tag == "{urn:x}a"
    # A prefix is part of the canonical form; the names are not different for it.
    assert ForeignElement("<a xmlns='urn:x' b='1' c='2'/>") == other


@pytest.mark.parametrize("other", ["<a xmlns='urn:y'/>", "<b xmlns='urn:x'/>", "<a xmlns='urn:x'> </a>", "<a/>"])
def test_what_says_something_else_is_not_equal(other: str) -> None:
    one = ForeignElement("<a xmlns='urn:x'/>")
    assert one != ForeignElement(other)
    assert one != other


@pytest.mark.parametrize(
    "text", ["", "a", "<a>", "<a/><b/>", "<a/>text", "&amp;", "<a>&e;</a>", "<a>\x00</a>", "<a>\ud800</a>", "<p:a/>"]
)
def test_what_is_not_one_element_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        ForeignElement(text)


@pytest.mark.parametrize("wrong", [b"<a/>", None, 1, etree.Element("a")])
def test_what_is_no_text_is_refused_as_such(wrong: Any) -> None:
    with pytest.raises(TypeError, match="a foreign element is made of text, not of "):
        ForeignElement(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE a><a xmlns='urn:x'/>",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a xmlns='urn:x'>&e;</a>",
    ],
)
def test_a_document_type_declaration_is_refused_here_too(text: str) -> None:
    with pytest.raises(ValueError, match="document type"):
        ForeignElement(text)


@pytest.mark.parametrize(
    "before", ["<?xml version='1.0'?>", "<?xml version='1.0' encoding='latin-1'?>", "<!-- c -->\n"]
)
def test_what_stands_around_the_element_is_not_written_into_a_message(before: str) -> None:
    made = ForeignElement(before + "<a xmlns='urn:x'>ä</a><!-- end -->")
    assert made == ForeignElement("<a xmlns='urn:x'>ä</a>")
    assert from_xml(to_xml(message(made)), EventMessage[ForeignElement]).content == made


def test_the_repr_names_it_and_does_not_show_what_it_holds() -> None:
    assert repr(ForeignElement("<a xmlns='urn:x'>hunter2</a>")) == "<ForeignElement {urn:x}a>"


NAMES = st.sampled_from(["a", "b", "c-d", "e.f", "_g"])
SPACES = st.sampled_from(["", "urn:x", "urn:y", MESSAGE, READINGS])
TEXTS = st.text(st.sampled_from("ab <&>\"'\t\n\rä\U0001f600]"), max_size=6)


@st.composite
def elements(draw: st.DrawFn, outermost: st.SearchStrategy[str] = SPACES, depth: int = 0) -> Any:
    """Trees with all kinds of names, prefixes and text."""
    space = draw(outermost)
    prefix = draw(st.sampled_from([None, "p", "q", "ns0"])) if space else None
    made = etree.Element(
        f"{{{space}}}{draw(NAMES)}" if space else draw(NAMES), nsmap={prefix: space} if space else None
    )
    for name in draw(st.lists(NAMES, max_size=2, unique=True)):
        made.set(name, draw(TEXTS))
    if draw(st.booleans()):
        made.set("{urn:y}h", draw(TEXTS))
    made.text = draw(TEXTS)
    if depth < 3:
        for _ in range(draw(st.integers(0, 2))):
            child = draw(elements(depth=depth + 1))
            child.tail = draw(TEXTS)
            made.append(child)
    return made


@settings(max_examples=150, deadline=None)
@given(elements(st.sampled_from(["urn:x", "urn:y"])))
def test_any_element_comes_through_a_message_unchanged(element: Any) -> None:
    foreign = ForeignElement.of(element)
    assert foreign == ForeignElement(etree.tostring(element, encoding="unicode"))
    again = from_xml(to_xml(message(foreign)), EventMessage[ForeignElement]).content
    assert again == foreign
    assert from_xml(to_xml(message(again)), EventMessage[ForeignElement]).content == foreign


@settings(max_examples=80, deadline=None)
@given(elements())
def test_so_it_does_when_lenient_reading_kept_it(element: Any) -> None:
    element.tag = "unknown"
    source = f'<EventMessage xmlns="{MESSAGE}"><Header><Verb>created</Verb><Noun>X</Noun></Header></EventMessage>'
    root = etree.fromstring(source)
    root.append(element)
    read = from_xml(etree.tostring(root), EventMessage[Any], mode="lenient")
    assert read.kept is not None
    assert read.kept.elements == (ForeignElement.of(element),)
    again = from_xml(to_xml(read, mode="lenient"), EventMessage[Any], mode="lenient")
    assert again == read


def test_one_of_no_namespace_may_not_stand_where_only_other_namespaces_may() -> None:
    header = Header(verb=Verb.CREATED, noun="X", extensions=[ForeignElement("<a/>")])
    with pytest.raises(EncodeError) as caught:
        to_xml(EventMessage(header=header))
    assert caught.value.path == "/EventMessage/Header"
