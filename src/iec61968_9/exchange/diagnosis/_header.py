"""Checks of the header: verb, noun, identifiers, addresses and flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iec61968_9.errors import ExchangeError
from iec61968_9.exchange.building.headers import ReplyAddress
from iec61968_9.exchange.diagnosis._case import WITH_HEADER, Case, brief, check, found, is_query, known_noun
from iec61968_9.exchange.pages import PAGE_PROPERTY, read_page
from iec61968_9.exchange.verbs import EVENT_VERBS, SYNONYMS, VERBS
from iec61968_9.profiles.envelope import Verb
from iec61968_9.xml.report import Finding

UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
PLACEHOLDERS: Final = frozenset({"?", "string", "none", "null", "default", "pre-configured_request"})
CREDENTIAL: Final = re.compile(r"authori[sz]ation|token|password|secret|api-?key", re.IGNORECASE)
PAGE_OPTION: Final = re.compile(r"page|^limit$|^offset$", re.IGNORECASE)
NOUN_PREFIX: Final = re.compile(r"^(Get|Send|Reply|Read|Receive|Create|Change|Delete|Cancel|Close)")


@check("verb-case", "verb-deprecated", "verb-unknown", roles=WITH_HEADER)
def verb_is_one_of_the_schema(case: Case) -> Iterator[Finding]:
    """The verb stands in the schema's list, as it is spelled there (T8)."""
    verb = case.header.get("Verb")
    text = str(verb or "")
    if isinstance(verb, Verb) or text in set(Verb):
        return
    path = case.header.at("Verb")
    word = text.strip().lower()
    if case.verb is None:
        said = "the header has no verb" if not word else "the verb is none of the standard's"
        yield found("verb-unknown", path, said, text or None)
    elif word in SYNONYMS:
        yield found("verb-deprecated", path, f"the verb is an older name of {case.verb}", text)
    else:
        yield found("verb-case", path, f"the verb is not written as the schema has it: {case.verb}", text)


@check("request-verb", "reply-verb", "event-verb", roles=WITH_HEADER)
def verb_fits_the_kind_of_message(case: Case) -> Iterator[Finding]:
    """Requests ask in the present tense, replies reply, events tell in the past tense (R1); one-way, both do (R14)."""
    verb, path = case.verb, case.header.at("Verb")
    if verb is None or case.root.name == "Message":
        return
    one_way = case.one_way and verb is not Verb.REPLY
    if case.role == "request" and verb not in VERBS and not one_way:
        yield found("request-verb", path, f"a RequestMessage has the verb {verb}", verb)
    elif case.role == "reply" and verb is not Verb.REPLY:
        yield found("reply-verb", path, f"a ResponseMessage has the verb {verb}, not reply", verb)
    elif case.role == "event" and verb not in EVENT_VERBS and not one_way:
        rule = VERBS.get(verb)
        meant = f"; {rule.event} tells that it was done" if rule is not None and rule.event is not None else ""
        yield found("event-verb", path, f"an EventMessage has the verb {verb}{meant}", verb)


def _standard(noun: str) -> str | None:
    """The standard's noun of which one is a variant: with a prefix, in the singular, in other case or with blanks."""
    bare = NOUN_PREFIX.sub("", re.sub(r"\s", "", noun))
    for one in (
        bare,
        f"{bare}s",
        bare.removesuffix("s"),
        "".join(part[:1].upper() + part[1:] for part in noun.split()),
    ):
        if known_noun(one):
            return one
    return None


@check("noun-missing", "noun-variant", "noun-unknown", roles=WITH_HEADER)
def noun_is_known(case: Case) -> Iterator[Finding]:
    """The noun is the root name of a payload (T9)."""
    path = case.header.at("Noun")
    if case.noun is None:
        yield found("noun-missing", path)
    elif not known_noun(case.noun):
        meant = _standard(case.noun)
        if meant is None:
            yield found("noun-unknown", path, f"{brief(case.noun)} is no noun of the standard", case.noun)
        else:
            yield found("noun-variant", path, f"the noun is a variant of {meant}", case.noun)


@check("noun-not-content", roles=WITH_HEADER)
def noun_names_the_content(case: Case) -> Iterator[Finding]:
    """The noun is what the message carries, and what its query asks for (T9).

    What partners call their own content is between them.
    """
    if case.noun is None or case.noun == "OperationSet":
        return
    meant = _standard(case.noun)
    ours = meant is not None or known_noun(case.noun)
    for place in [*case.payload.wild("contents"), *case.queries]:
        carried = place.name.removeprefix("Get") if is_query(place) else place.name
        if carried not in {case.noun, meant} and place.name != case.noun and (ours or known_noun(carried)):
            yield found(
                "noun-not-content",
                case.header.at("Noun"),
                f"the noun is {brief(case.noun)}, and the message has a {brief(place.name)}",
                case.noun,
            )


@check("noun-of-operation-set", roles=WITH_HEADER)
def operation_sets_are_executed(case: Case) -> Iterator[Finding]:
    """Verb execute or executed, noun OperationSet and an operation set go together (6.10)."""
    executing = case.verb in {Verb.EXECUTE, Verb.EXECUTED}
    named = case.noun == "OperationSet"
    carried = bool(case.payload.get("OperationSet"))
    if case.role == "reply":
        return
    if executing and not named:
        said = f"{case.verb} with noun {None if case.noun is None else brief(case.noun)}"
        yield found("noun-of-operation-set", case.header.at("Noun"), said, case.noun)
    elif not executing and (named or carried) and case.verb is not None:
        yield found(
            "noun-of-operation-set", case.header.at("Verb"), f"an operation set with verb {case.verb}", case.verb
        )


@check("message-id-missing", "message-id-zero", "message-id-prefixed", roles=WITH_HEADER)
def message_id_is_unique(case: Case) -> Iterator[Finding]:
    """The MessageID tells this message from all others (R3, T18)."""
    text, path = case.header.text("MessageID"), case.header.at("MessageID")
    if text is None:
        yield found("message-id-missing", path)
    elif UUID.fullmatch(text) and not text.strip("0-"):
        yield found("message-id-zero", path, source=text)
    elif re.fullmatch(rf"[A-Za-z]+[-_:]{UUID.pattern}", text):
        yield found("message-id-prefixed", path, source=text)


@check("correlation-blank", "correlation-placeholder", roles=WITH_HEADER)
def correlation_id_says_something(case: Case) -> Iterator[Finding]:
    """A CorrelationID that is there is an identifier (R2, T17)."""
    text, path = case.header.text("CorrelationID"), case.header.at("CorrelationID")
    if text is None:
        if case.header.get("CorrelationID") is not None:
            yield found("correlation-blank", path)
    elif text.lower() in PLACEHOLDERS or (UUID.fullmatch(text) and not text.strip("0-")):
        yield found("correlation-placeholder", path, source=text)


@check("correlation-equals-message-id", "correlation-is-own-message-id", roles=WITH_HEADER)
def correlation_id_is_not_the_own_message_id(case: Case) -> Iterator[Finding]:
    """A reply's CorrelationID leads back to the request, so it cannot be the reply's own MessageID (R2)."""
    text = case.header.text("CorrelationID")
    if text is not None and text == case.header.text("MessageID"):
        kind = "correlation-is-own-message-id" if case.role == "reply" else "correlation-equals-message-id"
        yield found(kind, case.header.at("CorrelationID"), source=text)


@check("reply-without-correlation", roles=("reply",))
def reply_has_a_correlation_id(case: Case) -> Iterator[Finding]:
    """A reply leads back to its request, unless the request has nothing to cite (R2)."""
    asked = case.asked
    citable = asked is None or asked.header.text("CorrelationID") or asked.header.text("MessageID")
    if citable and case.header.text("CorrelationID") is None:
        yield found("reply-without-correlation", case.header.at("CorrelationID"))


@check("async-without-reply-address", "reply-address-without-async", "one-way-with-reply-address", roles=("request",))
def flags_of_a_request_agree(case: Case) -> Iterator[Finding]:
    """AsyncReplyFlag and ReplyAddress come together (R4); a one-way request has neither (R14)."""
    later = case.header.get("AsyncReplyFlag")
    address = case.header.text("ReplyAddress")
    if case.one_way:
        if later is True or address is not None:
            yield found("one-way-with-reply-address", case.header.at("AckRequired"))
    elif later is True and address is None:
        yield found("async-without-reply-address", case.header.at("ReplyAddress"))
    elif address is not None and later is not True:
        said = "there is a ReplyAddress, and AsyncReplyFlag is " + ("absent" if later is None else "false")
        yield found("reply-address-without-async", case.header.at("ReplyAddress"), said, address)


@check("reply-address-form", roles=WITH_HEADER)
def reply_address_can_be_used(case: Case) -> Iterator[Finding]:
    """A reply address is a topic, a queue or a URL (R4)."""
    address = case.header.text("ReplyAddress")
    if address is None:
        return
    try:
        ReplyAddress.parse(address)
    except ExchangeError:
        yield found("reply-address-form", case.header.at("ReplyAddress"), source=address)


@check("one-way-get", roles=("request",))
def a_get_wants_a_reply(case: Case) -> Iterator[Finding]:
    """A get without a reply is pointless (R14, T16)."""
    if case.one_way and case.verb is Verb.GET:
        yield found("one-way-get", case.header.at("AckRequired"))


@check("event-with-acknowledgement", roles=("event",))
def events_are_not_acknowledged(case: Case) -> Iterator[Finding]:
    """Nobody answers an event (R12)."""
    for element in ("AckRequired", "AsyncReplyFlag"):
        if case.header.get(element) is True:
            yield found("event-with-acknowledgement", case.header.at(element), f"an event says {element} true")


@check("reply-with-request-header", roles=("reply",))
def a_reply_has_a_header_of_its_own(case: Case) -> Iterator[Finding]:
    """What steers replies belongs to requests (R4)."""
    for element in ("AsyncReplyFlag", "ReplyAddress"):
        if case.header.get(element) not in {None, False, ""}:
            yield found("reply-with-request-header", case.header.at(element), f"a reply has {element}")


@check("timestamp-without-offset", roles=WITH_HEADER)
def times_of_the_envelope_have_an_offset(case: Case) -> Iterator[Finding]:
    """Without an offset nobody knows the moment (X3)."""
    replay = case.header.one("ReplayDetection")
    for place, element in (
        (case.header, "Timestamp"),
        (replay, "Created"),
        (case.request, "StartTime"),
        (case.request, "EndTime"),
    ):
        moment = place.time(element)
        if moment is not None and moment.tzinfo is None:
            yield found(
                "timestamp-without-offset", place.at(element), f"the {element} has no offset", moment.isoformat()
            )


@check("property-repeated", roles=WITH_HEADER)
def properties_are_known_by_name(case: Case) -> Iterator[Finding]:
    """The order of properties means nothing, so one name cannot stand twice (R27)."""
    seen: set[str | None] = set()
    for place in case.header.each("Property"):
        name = place.text("Name")
        if name in seen:
            said = f"the property {brief(name)} stands there a second time"
            yield found("property-repeated", place.path, said, name)
        seen.add(name)


@check("page-of-many", "page-out-of-range", roles=WITH_HEADER)
def pages_add_up(case: Case) -> Iterator[Finding]:
    """The property MessageIndex counts pages, as in 2/3 (T41)."""
    for place in case.header.each("Property"):
        if place.text("Name") != PAGE_PROPERTY:
            continue
        text = place.text("Value") or ""
        page = read_page(text)
        if page is None:
            yield found("page-out-of-range", place.at("Value"), source=text)
        elif page != (1, 1):
            yield found("page-of-many", place.at("Value"), "this is page {} of {}".format(*page), text)


@check("page-marker", roles=("request",))
def page_options_are_bilateral(case: Case) -> Iterator[Finding]:
    """The standard has no options for paging (T41)."""
    for place in case.request.each("Option"):
        name = place.text("name")
        if name is not None and PAGE_OPTION.search(name):
            yield found("page-marker", place.path, f"the option {brief(name)} asks for a page", name)


@check("header-extension", "header-credential", roles=WITH_HEADER)
def header_holds_what_the_standard_has(case: Case) -> Iterator[Finding]:
    """Further elements are a partner's own; one that lets somebody in should not be logged (T6)."""
    places = [(place.name, place.path) for place in case.header.wild("extensions")]
    for name, path in places + [(name, case.header.at(name)) for name in case.header.kept_elements()]:
        kind = "header-credential" if CREDENTIAL.search(name) else "header-extension"
        yield found(kind, path, f"the header has an element {brief(name)}")
    for place in case.header.each("Property"):
        name = place.text("Name") or ""
        if CREDENTIAL.search(name):
            yield found("header-credential", place.path, f"the property {brief(name)} holds a credential")


@check("unknown-content")
def envelope_holds_what_the_schema_has(case: Case) -> Iterator[Finding]:
    """What lenient reading kept in the envelope outside the header (T30)."""
    sets = case.payload.one("OperationSet")
    for place in (case.root, case.request, case.reply, *case.errors, case.payload, sets, *case.operations):
        if case.role == "payload":
            break
        names = [f"the element {brief(name)}" for name in place.kept_elements()]
        names += [f"the attribute {brief(str(name).rpartition('}')[2])}" for name, _ in place.kept("attributes")]
        names += ["text"] * bool(place.kept("texts"))
        for name in names:
            yield found("unknown-content", place.path, f"{name} has no place here, or not once more")
