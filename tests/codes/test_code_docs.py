"""The lesson: what the page shows is what happens."""

import doctest
import pathlib

LESSON = pathlib.Path(__file__).parents[2] / "docs" / "reading-types.md"


def test_the_lesson_is_true() -> None:
    failed, tried = doctest.testfile(str(LESSON), module_relative=False, encoding="utf-8")
    assert failed == 0
    assert tried > 20
