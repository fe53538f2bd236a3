"""Checks of a reply alone: Result, codes and levels, which must say one thing."""

from __future__ import annotations

from collections.abc import Iterator

from iec61968_9.codes import ReplyCode
from iec61968_9.errors import CodeError
from iec61968_9.exchange import parts
from iec61968_9.exchange.building.replies import ACKNOWLEDGED, LAST, MORE, is_remark
from iec61968_9.exchange.diagnosis._case import WITH_REPLY, Case, Place, brief, check, found
from iec61968_9.profiles.envelope import ErrorLevel, Result
from iec61968_9.xml.report import Finding


def code_of(text: str) -> ReplyCode | None:
    """The code that a text is; None if it is none."""
    try:
        return ReplyCode.parse(text)
    except CodeError:
        return None


def codes(case: Case) -> list[tuple[Place, ReplyCode]]:
    """The entries of a reply that have a dotted code."""
    found = [(place, code_of(place.text("code") or "")) for place in case.errors]
    return [(place, code) for place, code in found if code is not None]


def said(case: Case) -> set[str]:
    """The dotted codes of a reply."""
    return {str(code) for _, code in codes(case)}


def fails(code: ReplyCode) -> bool:
    """Whether a code says that something was not done (R24)."""
    return not code.is_success and not is_remark(str(code))


def result_of(case: Case) -> Result | None:
    """The Result, in whatever case; None where it is none of the standard's."""
    return parts.result_of(parts.reply_of(case.message))


@check("result-missing", "result-not-standard", roles=WITH_REPLY)
def result_is_there(case: Case) -> Iterator[Finding]:
    """A reply has a Result of the schema's list (T20)."""
    text = case.reply.text("Result")
    if text is None:
        yield found("result-missing", case.reply.at("Result"))
    elif text not in set(Result):
        yield found("result-not-standard", case.reply.at("Result"), source=text)


@check("ok-with-failure-code", "ok-with-remark", roles=WITH_REPLY)
def ok_goes_with_success(case: Case) -> Iterator[Finding]:
    """With OK, no code says failure (R24)."""
    if result_of(case) is Result.OK:
        for place, code in codes(case):
            if fails(code):
                meaning = f" ({code.meaning})" if code.meaning else ""
                yield found("ok-with-failure-code", place.at("code"), f"Result is OK, and {code}{meaning} says failure")
            elif not code.is_success:
                yield found("ok-with-remark", place.at("code"), f"Result is OK, with {code}: {code.meaning}")


@check("failed-without-code", "failed-with-success-code", roles=WITH_REPLY)
def failed_goes_with_a_reason(case: Case) -> Iterator[Finding]:
    """With FAILED, some code says why (R5, R24)."""
    if result_of(case) is not Result.FAILED:
        return
    if not any(place.text("code") for place in case.errors):
        yield found("failed-without-code", case.reply.path)
    elif all((code := code_of(place.text("code") or "")) and code.is_success for place in case.errors):
        yield found("failed-with-success-code", case.reply.path)


@check("partial-without-part-code", "part-code-without-partial", "both-part-codes", roles=("reply",))
def partial_goes_with_part_codes(case: Case) -> Iterator[Finding]:
    """PARTIAL says 0.1 or 0.2, and these say PARTIAL (R5, R8)."""
    result, parts = result_of(case), said(case) & {MORE, LAST}
    if result is Result.PARTIAL and not parts:
        yield found("partial-without-part-code", case.reply.at("Result"))
    elif result is not None and result is not Result.PARTIAL and parts:
        code = min(parts)
        yield found("part-code-without-partial", case.reply.at("Result"), f"{code} says partial, and Result {result}")
    if len(parts) == 2:
        yield found("both-part-codes", case.reply.path)


@check("acknowledgement-not-ok", "acknowledgement-with-payload", "acknowledgement-with-other-code", roles=("reply",))
def an_acknowledgement_says_nothing_else(case: Case) -> Iterator[Finding]:
    """0.3 comes with OK, alone, and without data (R4)."""
    every = said(case)
    if ACKNOWLEDGED not in every:
        return
    result = result_of(case)
    if result not in {None, Result.OK}:
        yield found("acknowledgement-not-ok", case.reply.at("Result"), f"0.3 with Result {result}")
    if case.carries:
        yield found("acknowledgement-with-payload", case.payload.path)
    if len(every) > 1:
        others = ", ".join(sorted(every - {ACKNOWLEDGED}))
        yield found("acknowledgement-with-other-code", case.reply.path, f"0.3 beside {brief(others)}")


@check("success-beside-failure", roles=("reply",))
def no_error_means_none(case: Case) -> Iterator[Finding]:
    """0.0 without an object or operation of its own speaks for all, and so does not go with a failure (R24)."""
    if not any(fails(code) for _, code in codes(case)):
        return
    for place, code in codes(case):
        if str(code) == "0.0" and not _about(place):
            yield found("success-beside-failure", place.at("code"))


def _about(place: Place) -> bool:
    """Whether an error says what it is about."""
    return any(place.get(element) is not None for element in ("ID", "relatedID", "object", "operationId"))


@check("code-missing", "code-not-dotted", "code-unknown", roles=WITH_REPLY)
def codes_are_of_the_list(case: Case) -> Iterator[Finding]:
    """A code is two numbers with a dot (T21)."""
    for place in case.errors:
        text = place.text("code")
        code = code_of(text or "")
        if text is None:
            yield found("code-missing", place.at("code"))
        elif code is None:
            yield found("code-not-dotted", place.at("code"), source=text)
        elif not code.is_known:
            yield found("code-unknown", place.at("code"), source=text)


@check("level-not-standard", "level-contradicts-code", roles=WITH_REPLY)
def levels_agree_with_codes(case: Case) -> Iterator[Finding]:
    """A level is one of four, and a success is not fatal (T21, R23)."""
    for place in case.errors:
        level = place.text("level")
        code = code_of(place.text("code") or "")
        if level is None:
            continue
        if level not in set(ErrorLevel):
            yield found("level-not-standard", place.at("level"), source=level)
        elif code is not None:
            grave = level in {ErrorLevel.FATAL, ErrorLevel.CATASTROPHIC}
            if (code.is_success and grave) or (fails(code) and level == ErrorLevel.INFORM):
                yield found("level-contradicts-code", place.at("level"), f"level {level} with code {code}", level)


@check("failure-without-object", roles=("reply",))
def a_failure_beside_data_names_its_object(case: Case) -> Iterator[Finding]:
    """In a mixed reply, only the errors' IDs tell what failed (R8)."""
    if case.carries:
        for place, code in codes(case):
            if fails(code) and not _about(place):
                yield found("failure-without-object", place.path, f"{code} beside data says nothing about its object")


@check("error-object-deprecated", roles=WITH_REPLY)
def errors_name_their_object_by_id(case: Case) -> Iterator[Finding]:
    """The element object is the older form (T22)."""
    for place in case.errors:
        if place.get("object") is not None:
            yield found("error-object-deprecated", place.at("object"))


@check("operation-id-not-expected", "operation-ids-disagree", roles=("reply",))
def operation_ids_are_for_operation_sets(case: Case) -> Iterator[Finding]:
    """An operationId cites an operation of the set that is answered (R19)."""
    own = case.reply.get("operationId")
    cited = [(case.reply, own)] * (own is not None)
    cited += [(place, one) for place in case.errors if (one := place.get("operationId")) is not None]
    for place, one in cited:
        if case.noun not in {None, "OperationSet"}:
            yield found("operation-id-not-expected", place.at("operationId"), source=one)
        elif own is not None and one != own:
            said = f"the reply is for operation {brief(own)}"
            yield found("operation-ids-disagree", place.at("operationId"), said, one)


@check("fault-not-failed", roles=("fault",))
def a_fault_is_a_failure(case: Case) -> Iterator[Finding]:
    """A fault says that a message could not be read (R21)."""
    result = result_of(case)
    if result not in {None, Result.FAILED}:
        yield found("fault-not-failed", case.reply.at("Result"), f"a fault says {result}")
