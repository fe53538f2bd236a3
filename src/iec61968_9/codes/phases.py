"""The phases part of a reading type: fifteen bits, and the words for them.

Bits with index 1 say what is measured, bits with index 2 what it is measured against; the highest five say how the
circuit is wired. So any number can be read, whether or not the table of phases names it.
"""

from __future__ import annotations

import functools

import attrs

from iec61968_9.codes._tables import row, rows
from iec61968_9.codes.reading_type_enums import Phases

__all__ = ["PhaseSet", "phase_set"]

_ORDER = ("A", "B", "C", "N", "S1", "S2")


@attrs.frozen
class PhaseSet:
    """The bits of a phases number, taken apart.

    Attributes:
        code: The number.
        measured: What is measured, of A, B, C, N, S1 and S2 (index 1).
        reference: What it is measured against, of A, B, C and N (index 2).
        circuit: How the circuit is wired, of wye, delta, high-leg, open and networked.
        rest: The bits that have no meaning.
    """

    code: int
    measured: tuple[str, ...]
    reference: tuple[str, ...]
    circuit: tuple[str, ...]
    rest: int

    @property
    def wires(self) -> int:
        """How many conductors take part."""
        return len(self.measured) + len(self.reference)

    @property
    def letters(self) -> str:
        """The conductors as the table of phases spells them: ``ABCN``, ``CAN``, ``s12N``."""
        return _letters(self.measured) + _letters(self.reference)

    @property
    def name(self) -> str:
        """The identifier-style name, by the rule of the bits: ``ABCN``, ``fourWireWye``, ``networked``."""
        if self.rest or not self.code:
            return str(self.code) if self.code else "none"
        if "networked" in self.circuit:
            return "networked"
        if self.circuit:
            count = {3: "threeWire", 4: "fourWire"}.get(self.wires, f"{self.wires}Wire")
            leg = "HL" if "high-leg" in self.circuit else ""
            opened = "Open" if "open" in self.circuit else ""
            shape = "".join(word.capitalize() for word in self.circuit if word in ("wye", "delta"))
            return count + leg + opened + shape
        if self.measured == self.reference == ("N",):
            return "NG"
        return self.letters

    @property
    def canonical(self) -> Phases | int:
        """The number to write: older split-phase spellings (272, 528, 784) become today's (257, 513, 769)."""
        line = row("reading_type/phases", self.code)
        number = int(line["write"]) if line is not None and line["write"] else self.code
        try:
            return Phases(number)
        except ValueError:
            return number


def _letters(conductors: tuple[str, ...]) -> str:
    split = "".join(f"s{name[1:]}" if name.startswith("S") else name for name in conductors)
    if "s" not in split:
        return split
    plain = "".join(name for name in conductors if not name.startswith("S"))
    return "".join(f"s{name[1:]}" for name in conductors if name.startswith("S")).replace("s1s2", "s12") + plain


@functools.lru_cache(maxsize=1024)
def phase_set(code: int) -> PhaseSet:
    """Take a phases number apart (IEC 61968-9 Annex C, part 15)."""
    found: dict[str, list[str]] = {"measured": [], "reference": [], "circuit": []}
    rest = int(code)
    for line in rows("reading_type/phase_bits"):
        if rest & int(line["bit"]):
            rest -= int(line["bit"])
            found[line["role"]].append(line["letter"])
    return PhaseSet(
        int(code),
        tuple(sorted(found["measured"], key=_ORDER.index)),
        tuple(sorted(found["reference"], key=_ORDER.index)),
        tuple(found["circuit"]),
        rest,
    )
