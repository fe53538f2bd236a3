"""The messages of known exchanges (requests, replies, events, faults) are read strictly and come back equal."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.documents import canonical
from tests.properties.support import TESTS, check_cuts, verdict

from iec61968_9 import Report, from_xml, to_xml, validate

MESSAGES = sorted((TESTS / "messages").glob("*.xml"))


def test_all_messages_are_here() -> None:
    """63 messages."""
    assert len(MESSAGES) == 63


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_a_message_comes_back_equal(path: Path) -> None:
    """A message is valid, is read strictly, and is written as an equal document, plain and pretty."""
    data = path.read_bytes()
    assert validate(data) == []
    assert verdict(data) == []
    message = from_xml(path)
    assert canonical(to_xml(message)) == canonical(data)
    assert canonical(to_xml(message, pretty=True)) == canonical(data)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_lenient_reading_finds_nothing_to_tolerate_in_a_valid_message(path: Path) -> None:
    """Both modes give equal objects, and the report stays empty."""
    report = Report()
    assert from_xml(path, mode="lenient", report=report) == from_xml(path)
    assert list(report) == []


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_no_part_of_a_message_is_taken_for_the_whole(path: Path) -> None:
    """Cut anywhere before its last tag ends, a message is refused in either mode."""
    check_cuts(path.read_bytes().rstrip(), step=7)
