"""Checks of a request: whether it has what its verb needs, and whether its query asks what it seems to ask."""

from __future__ import annotations

from collections.abc import Iterator

from iec61968_9.exchange.diagnosis._case import Case, Place, brief, check, found, hollow, is_query
from iec61968_9.exchange.verbs import VERBS, Carries, Presence
from iec61968_9.profiles.envelope import Verb
from iec61968_9.xml.report import Finding


def _asks(case: Case) -> Carries | None:
    """What a request of this verb carries; None where the verb is none of a request."""
    rule = VERBS.get(case.verb) if case.verb is not None else None
    return None if rule is None else rule.asks


@check("payload-missing", "payload-not-expected", "query-in-payload", roles=("request",))
def payload_is_there_where_the_verb_has_one(case: Case) -> Iterator[Finding]:
    """Create, change and execute have content, get has none (R10)."""
    asks = _asks(case)
    if asks is None:
        return
    takes = {asks.payload, asks.operation_set}
    if Presence.REQUIRED in takes and not case.carries:
        yield found("payload-missing", case.payload.path, f"{case.verb} needs a payload, and there is none")
    elif takes == {Presence.NONE} and (case.carries or case.payload.get("ID")):
        contents = [content.place for content in case.contents]
        if contents and all(is_query(place) for place in contents):
            yield found("query-in-payload", contents[0].path)
        else:
            yield found("payload-not-expected", case.payload.path, f"{case.verb} has no payload, and there is one")


@check("objects-missing", "objects-in-payload", "profile-in-request", roles=("request",))
def objects_are_named_by_id(case: Case) -> Iterator[Finding]:
    """Delete, cancel and close name their objects by ID in Request (R10); habits put a profile elsewhere (T25)."""
    asks = _asks(case)
    if asks is None or not asks.subject or case.request.get("ID"):
        return
    profiles = [place for place in case.queries if not is_query(place)]
    if profiles:
        said = f"{brief(profiles[0].name)} stands in Request, where IDs belong"
        yield found("profile-in-request", profiles[0].path, said)
    elif case.carries or case.payload.get("ID"):
        if case.noun != "MasterDataLinkageConfig":  # no ID can name a link
            yield found("objects-in-payload", case.payload.path)
    else:
        yield found("objects-missing", case.request.at("ID"), f"nothing says what to {case.verb}")


@check("query-not-expected", roles=("request",))
def only_a_get_has_a_query(case: Case) -> Iterator[Finding]:
    """A query asks, and only get does that (R10)."""
    asks = _asks(case)
    if asks is None or case.verb is Verb.GET:
        return
    for place in case.queries:
        if is_query(place) or not asks.subject:
            yield found("query-not-expected", place.path, f"{case.verb} has {brief(place.name)} in Request")


@check("query-missing", "query-without-get", "query-overrides", roles=("request",))
def a_get_says_what_it_wants(case: Case) -> Iterator[Finding]:
    """By a Get profile, or by times and IDs; the profile wins (R20)."""
    if case.verb is not Verb.GET:
        return
    plain = [name for name in ("StartTime", "EndTime", "ID") if case.request.get(name)]
    asked = any(not hollow(place.value) for place in case.queries)
    if not asked and not plain and not case.request.get("Option") and not case.carries:
        yield found("query-missing", case.request.path)
    for place in case.queries:
        if not is_query(place):
            said = f"the get asks with {brief(place.name)}, which is no Get profile"
            yield found("query-without-get", place.path, said)
    if plain and asked:
        yield found("query-overrides", case.request.path, f"{' and '.join(plain)} count for nothing here")


@check("request-period-reversed", roles=("request",))
def the_period_asked_for_runs_forward(case: Case) -> Iterator[Finding]:
    """StartTime is before EndTime (X1)."""
    start, end = case.request.time("StartTime"), case.request.time("EndTime")
    if start is not None and end is not None and (start.tzinfo is None) == (end.tzinfo is None) and end < start:
        yield found("request-period-reversed", case.request.at("EndTime"), source=end.isoformat())


@check("legacy-read-request", roles=("request",))
def a_create_without_values_asks_to_read(case: Case) -> Iterator[Finding]:
    """The first edition asked for readings with create MeterReadings (A4)."""
    if case.verb is not Verb.CREATE:
        return
    for content in case.payloads("MeterReadings"):
        meters = list(content.place.each("MeterReading"))
        values = ("Readings", "IntervalBlocks", "EndDeviceEvents")
        valued = any(place.get(element) for place in meters for element in values)
        if not valued and not hollow(content.place.value):
            yield found(
                "legacy-read-request",
                content.place.path,
                "a create of MeterReadings has no reading in it: it asks to read, and has nothing to store",
            )


def _queries_for_readings(case: Case) -> Iterator[Place]:
    return (place for place in case.queries if place.name == "GetMeterReadings")


@check("query-reading-type-ref", "query-reading-type-empty", roles=("request",))
def a_query_names_its_reading_types(case: Case) -> Iterator[Finding]:
    """In GetMeterReadings, a ReadingType has no ref; its code stands in Names (A1)."""
    for query in _queries_for_readings(case):
        for place in query.each("ReadingType"):
            ref = next((text for name, text in place.kept("attributes") if name == "ref"), None)
            if ref is not None:
                yield found("query-reading-type-ref", place.path, source=ref)
            elif hollow(place.value):
                yield found("query-reading-type-empty", place.path)


@check("query-meter-element", roles=("request",))
def a_query_names_its_meters_in_end_device(case: Case) -> Iterator[Finding]:
    """In GetMeterReadings, a meter is an EndDevice (A1)."""
    for query in _queries_for_readings(case):
        if "Meter" in query.kept_elements():
            yield found("query-meter-element", query.at("Meter"))
