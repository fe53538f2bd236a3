"""What is fuzzed: each target with its oracle, what inputs it begins with, and how they are damaged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from tests.fuzz import words
from tests.fuzz.damage import Damage, text_damage, tree_damage
from tests.fuzz.documents import check_document, check_stream
from tests.fuzz.lenient import check_lenient
from tests.fuzz.messages import check_message, check_packed, pack_damage, packed_seeds
from tests.fuzz.texts import check_code, check_identity, check_value
from tests.tables import DAMAGED, LITERALS, Maker, seeded, serialized, table

from iec61968_9 import EncodeError, from_xml
from iec61968_9._codecs.index import PROFILES
from iec61968_9.codes import (
    EndDeviceControlCode,
    EndDeviceEventCode,
    ReadingQualityCode,
    ReadingTypeCode,
    ReplyCode,
    known_codes,
)
from iec61968_9.exchange import Form, SoapVersion, Style, write_message

__all__ = ["CORPUS", "TARGETS", "Target"]

CORPUS = Path(__file__).parent / "corpus"
"""The inputs that are kept: per target the smallest that fuzzing has reached something new with.

One file a target, and in it one input a line: a JSON string, each character a byte.
"""

MESSAGES = Path(__file__).resolve().parents[1] / "messages"
SEED_BYTES = 8_000
"""Longer documents are no seeds, for what is short is tried often."""


@dataclass(frozen=True)
class Target:
    """Something that is fuzzed.

    Attributes:
        name: What it is called, on the command line and in the corpus.
        about: What is read, in a few words.
        check: The oracle: it fails in any way, or what is promised held.
        make_seeds: Gives what fuzzing begins with.
        damage: How inputs are changed.
        words: What may be put anywhere in an input.
        most: The longest input, in bytes.
        smoke: How many damaged inputs the tests try; a second or two.
    """

    name: str
    about: str
    check: Callable[[bytes], None]
    make_seeds: Callable[[], Sequence[bytes]]
    damage: Damage
    words: Callable[[], Sequence[bytes]]
    most: int
    smoke: int

    @cached_property
    def seeds(self) -> list[bytes]:
        """What fuzzing begins with, and what is kept."""
        return [*self.make_seeds(), *self.kept()]

    @property
    def corpus(self) -> Path:
        """The file with what is kept."""
        return CORPUS / f"{self.name}.jsonl"

    def kept(self) -> list[bytes]:
        """What is kept."""
        if not self.corpus.exists():
            return []
        return [json.loads(line).encode("latin-1") for line in self.corpus.read_text(encoding="ascii").splitlines()]

    def keep(self, inputs: Iterable[bytes]) -> None:
        """Keep these, the smallest first, and no others."""
        lines = [json.dumps(data.decode("latin-1")) for data in sorted(set(inputs), key=lambda data: (len(data), data))]
        self.corpus.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")

    def damaged(self, data: bytes, random: Random) -> bytes:
        """An input that something has happened to."""
        return self.damage(data, random, self.seeds)[: self.most]


def made_documents() -> list[bytes]:
    """For each profile a document with all its members, where that is short, and two random ones."""
    found: list[bytes] = []
    for number, profile in enumerate(PROFILES):
        for root in profile.roots:
            makers = [Maker(table(profile.noun), seeded(number), whole=True)]
            makers += [Maker(table(profile.noun), seeded(1000 * number + one), room=12) for one in range(2)]
            found += [serialized(maker.document(root)) for maker in makers]
    return found


def messages() -> list[bytes]:
    """The example messages."""
    return [path.read_bytes() for path in sorted(MESSAGES.glob("*.xml"))]


def documents() -> list[bytes]:
    """Messages, payloads and queries."""
    return [data for data in [*messages(), *made_documents()] if len(data) <= SEED_BYTES]


def travelling() -> list[bytes]:
    """The example messages in every form that they can have."""
    forms = [Form(soap=soap, style=style) for soap in (None, *SoapVersion) for style in list(Style)[:3]]
    found: list[bytes] = []
    for number, data in enumerate(messages()):
        found.append(data)
        for form in forms[1 + number % 2 :: 2]:
            try:
                found.append(write_message(from_xml(data), form))  # type: ignore[arg-type]  # all are messages
            except EncodeError:  # no such form for this one
                continue
    return [data for data in found if len(data) <= SEED_BYTES]


def packed_documents() -> list[bytes]:
    """Some of the documents, packed."""
    return packed_seeds(documents()[::12])


def code_texts() -> list[bytes]:
    """Codes of every kind that the library knows, patterns of them and names."""
    texts = ["1-0:1.8.0", "1.8.0*255", "1-0:32.7.0", "12.5", "-1E3", "ElectricMeter.RCDSwitch.NA.Disconnected"]
    for kind in (ReadingTypeCode, ReadingQualityCode, EndDeviceEventCode, EndDeviceControlCode, ReplyCode):
        known = [str(pattern) for pattern in known_codes(kind)]
        texts += known[:: max(1, len(known) // 12)]
    return [text.encode() for text in [*texts, *(text.replace("*", "3") for text in texts)]]


def identity_texts() -> list[bytes]:
    """Four lines: an mRID, a name, its type, its authority."""
    uuid = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
    return [
        text.encode()
        for text in (
            f"{uuid}\nM-1\nMeterBadgeNumber\nUtility",
            f"urn:uuid:{uuid.upper()}\nM-1\nmRID",
            f" {{{uuid}}} \n b \n\n x",
            "M-1\nM-1",
            "\n\n\n",
        )
    ]


def value_texts() -> list[bytes]:
    """Literals of every built-in type, and texts that are nearly some."""
    texts = [text for found in (LITERALS, DAMAGED) for some in found.values() for text in some]
    texts += [
        "P1Y2M3DT4H5M6.7S",
        "-PT0S",
        "2026Z",
        "2026-03+01:00",
        "--02-29",
        "---31",
        "--12",
        "0aFF",
        "YWJj",
        "en-GB",
    ]
    return [text.encode() for text in dict.fromkeys(texts)]


def text_words() -> list[bytes]:
    """What may be put into a text."""
    return [text.encode("utf-8", "replace") for text in [*words.CHARACTERS, *words.TEXTS] if 0 < len(text) < 60]


TARGETS = {
    target.name: target
    for target in (
        Target("documents", "from_xml, to_xml", check_document, documents, tree_damage, words.dictionary, 32_768, 500),
        Target("streams", "iter_xml", check_stream, documents, tree_damage, words.dictionary, 32_768, 400),
        Target(
            "messages", "read_message and after", check_message, travelling, tree_damage, words.dictionary, 32_768, 400
        ),
        Target(
            "lenient", "the same in lenient mode", check_lenient, travelling, tree_damage, words.dictionary, 32_768, 300
        ),
        Target(
            "packed", "content_of, file_of", check_packed, packed_documents, pack_damage, words.dictionary, 32_768, 600
        ),
        Target("codes", "the parsers of codes", check_code, code_texts, text_damage, text_words, 400, 700),
        Target(
            "identities",
            "mRIDs, names, object IDs",
            check_identity,
            identity_texts,
            text_damage,
            text_words,
            400,
            3_000,
        ),
        Target("values", "the built-in simple types", check_value, value_texts, text_damage, text_words, 200, 700),
    )
}
"""All targets, by name."""
