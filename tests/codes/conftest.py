"""What the tests of the codes share."""

import pytest

from iec61968_9.codes import EndDeviceEventCode, ReadingTypeCode


@pytest.fixture(scope="session", autouse=True)
def loaded_tables() -> None:
    """Load the tables once, lest the first example of a property is charged with it."""
    ReadingTypeCode(unit=72, multiplier=3, phases=225).describe()
    EndDeviceEventCode(3, 31, 0, 68).check()
