"""Reading qualities: what a system thinks of a reading, ``system.category.index`` (IEC 61968-9 Annex D).

Systems and categories are closed lists. What an index means depends on its category, so the enumeration of judgements
(``QualityKind``) is keyed by both. Category 6 (validation) and 8 (estimation) are open: an index that is not listed is
the number of the system's own rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

import attrs

from iec61968_9.codes._dotted import DottedCode, Form, Slot
from iec61968_9.codes._tables import literal, rows
from iec61968_9.codes.reading_quality_enums import QualityCategory, QualityKind, QualitySystem

__all__ = ["ReadingQualityCode"]

_KINDS = {kind.value: kind for kind in QualityKind}
_OPEN = frozenset({QualityCategory.VALIDATION, QualityCategory.ESTIMATED})


@attrs.frozen(order=False, repr=False)
class ReadingQualityCode(DottedCode):
    """A reading quality: three numbers (IEC 61968-9 Annex D).

    Attributes:
        system: The system that judged.
        category: The kind of judgement.
        index: The judgement within its category.

    Raises:
        CodeError: A number is negative or has more than 18 digits.
        TypeError: A part is not a whole number.
    """

    FORM: ClassVar[Form] = Form(
        "reading quality",
        (
            Slot(1, "system", "systemId", "reading_quality/system", QualitySystem),
            Slot(2, "category", "category", "reading_quality/category", QualityCategory),
            Slot(3, "index", "subCategory"),
        ),
        "reading_quality/index",
        listed_open=1,
    )

    system: QualitySystem | int
    category: QualityCategory | int
    index: int

    @classmethod
    def of(cls, system: QualitySystem | int, kind: QualityKind) -> Self:
        """Return the code by which ``system`` passes the judgement ``kind``."""
        category, index = kind.value.split(".")
        return cls(system, int(category), int(index))

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """Make a reading quality of texts for its parts; the index may be the literal of a judgement as well.

        Raises:
            CodeError: A text is neither a number nor a name of its table, or there is no such part.
        """
        given = {cls.FORM.slot(name).name: text for name, text in texts.items()}
        category = cls.FORM.slots[1].number_of(given.get("category", "0"))
        for line in rows("reading_quality/index"):
            if line["name"] == given.get("index") and line["code"].startswith(f"{category:d}."):
                given["index"] = line["code"].partition(".")[2]
        return super().from_texts(given)

    @classmethod
    def from_parts(cls, parts: Sequence[int]) -> Self:
        """Make a reading quality of its three numbers, in order."""
        system, category, index = parts
        return cls(system, category, index)

    @property
    def parts(self) -> tuple[int, ...]:
        """The three numbers, in order; known ones are enumeration members."""
        return (self.system, self.category, self.index)

    @property
    def kind(self) -> QualityKind | None:
        """The judgement, or None where category and index are not listed together."""
        return _KINDS.get(f"{self.category:d}.{self.index:d}")

    @property
    def rule(self) -> int | None:
        """The number of the system's own validation or estimation rule, or None where it is none."""
        return self.index if self.category in _OPEN and self.index and self.kind is None else None

    @property
    def name(self) -> str:
        """The identifier-style name: ``meterDataManagement.estimated.estimatedGeneric``."""
        names = (
            literal("reading_quality/system", self.system, f"system{self.system:d}"),
            literal("reading_quality/category", self.category, f"category{self.category:d}"),
            literal("reading_quality/index", f"{self.category:d}.{self.index:d}", f"index{self.index:d}"),
        )
        return ".".join(names)

    @property
    def is_valid(self) -> bool:
        """Whether it says that the reading is valid."""
        return self.category == QualityCategory.VALID

    @property
    def is_estimated(self) -> bool:
        """Whether it says that the reading was estimated."""
        return self.category == QualityCategory.ESTIMATED

    @property
    def is_edited(self) -> bool:
        """Whether it says that a person changed the reading."""
        return self.category == QualityCategory.EDITED

    @property
    def is_missing(self) -> bool:
        """Whether it says that the reading is known to be missing (x.5.259)."""
        return self.kind is QualityKind.KNOWN_MISSING_READ

    @property
    def is_obsolete(self) -> bool:
        """Whether its category may still be read but no longer written (oscillatory, 9)."""
        return self.category == QualityCategory.OBSOLETE_OSCILLATORY
