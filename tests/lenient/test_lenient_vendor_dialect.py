"""78 real messages of one vendor, where they are at hand: all are read, nothing is lost, each departure is named.

They are not part of the project. Where the folder ``shared/samples/vendor-dialect`` does not stand beside the project,
the tests say so in their output and in the recorded properties, and have nothing to count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.lenient.support import local_pieces
from tests.verbs.support import pieces, tree

from iec61968_9 import Dialect, ForeignElement, Report, from_xml, to_xml
from iec61968_9._codecs.index import PROFILES
from iec61968_9.profiles import RequestMessage

FOLDER = Path(__file__).parents[2].parent / "shared" / "samples" / "vendor-dialect"
VENDOR = Dialect(payload="http://iec.ch/TC57/CIM-c4e#", prefix="m")
Note = Callable[[str, object], None]
"""Pytest's fixture that notes something in the results of a run."""

ROOTS = {root for profile in PROFILES if profile.role != "envelope" for root in profile.roots}
"""The payloads and queries that the library knows."""


def messages(record: Note) -> list[Path]:
    """The messages; none, and a word about it, where they are not at hand."""
    found = sorted(FOLDER.glob("*.xml"))
    record("vendor messages", len(found))
    if not found:
        print(f"The vendor's messages are not at hand: there is no {'/'.join(FOLDER.parts[-3:])} beside the project.")
    return found


def test_every_message_is_read_and_written_whole(record_property: Note) -> None:
    found = messages(record_property)
    assert len(found) in {0, 78}
    for path in found:
        report = Report()
        message = from_xml(path, RequestMessage, mode="lenient", dialect=VENDOR, report=report)
        back = to_xml(message, mode="lenient", dialect=VENDOR)
        assert pieces(tree(back)) == pieces(tree(path.read_bytes())), path.name
        assert from_xml(back, mode="lenient", dialect=VENDOR) == message, path.name
        assert local_pieces(to_xml(message, mode="lenient")) == local_pieces(path.read_bytes()), path.name


def test_every_payload_of_a_known_profile_is_typed(record_property: Note) -> None:
    for path in messages(record_property):
        message = from_xml(path, RequestMessage, mode="lenient", dialect=VENDOR)
        contents = [*(message.payload.contents if message.payload is not None else ())]
        contents += message.request.queries if message.request is not None else []
        if message.payload is not None and message.payload.operation_set is not None:
            contents += [operation.content for operation in message.payload.operation_set.operation]
        assert contents, path.name
        for content in contents:
            if isinstance(content, ForeignElement):
                assert content.tag.rpartition("}")[2] not in ROOTS, path.name
            else:
                assert type(content).__name__ in ROOTS, path.name


def test_each_departure_is_named_with_rule_path_and_line(record_property: Note) -> None:
    counted: Counter[str | None] = Counter()
    for path in messages(record_property):
        report = Report()
        from_xml(path, mode="lenient", dialect=VENDOR, report=report)
        root = tree(path.read_bytes())
        for finding in report:
            assert finding.rule is not None, finding
            assert finding.path.startswith("/RequestMessage"), finding
            at = [element for element in root.iter("*") if element.sourceline == finding.line]
            name = finding.path.rpartition("/@")[0] or finding.path
            assert name.rpartition("/")[2].partition("[")[0] in {str(one.tag).rpartition("}")[2] for one in at}, finding
        counted.update(finding.rule for finding in report)
        assert report.count("T1") + report.count("unknown-profile") >= 1, path.name
    if counted:
        assert set(counted) == {"T1", "T25", "T27", "T28", "T30"}
        assert all(count > 5 for count in counted.values())
        record_property("findings by rule", dict(counted))


def test_where_only_namespace_and_order_depart_the_message_can_be_sent_on_strictly(record_property: Note) -> None:
    found = messages(record_property)
    sent = 0
    for path in found:
        report = Report()
        message = from_xml(path, mode="lenient", dialect=VENDOR, report=report)
        if {finding.rule for finding in report} <= {"T1", "T28"}:
            assert from_xml(to_xml(message)) == message, path.name
            sent += 1
    assert sent > 5 or not found
