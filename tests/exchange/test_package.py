"""The package's names: all there, each loaded when it is first used."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from iec61968_9 import exchange

package: Any = exchange


def loaded(program: str) -> set[str]:
    """The modules that a program of its own loads."""
    program = f"import sys\n{program}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    return set(run.stdout.split())


def test_every_name_is_there() -> None:
    assert all(hasattr(package, name) for name in package.__all__)
    assert set(package.__all__) <= set(dir(package))
    assert sorted(set(package.__all__)) == sorted(package.__all__)


def test_another_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'subscribe'"):
        package.subscribe  # noqa: B018


def test_the_package_loads_nothing_and_a_system_no_profile() -> None:
    assert not {
        name
        for name in loaded("import iec61968_9.exchange")
        if name.startswith(("lxml", "attr", "iec61968_9.exchange."))
    }
    profiles = {
        name.split(".")[2]
        for name in loaded("from iec61968_9.exchange import System; System().fault('1.8')")
        if name.startswith("iec61968_9.profiles.")
    }
    assert profiles == {"envelope", "_common"}
