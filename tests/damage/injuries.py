"""What can happen to bytes on their way: they end too early, one of them changes, pieces are lost, doubled or moved."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

__all__ = ["FLIPS", "cuts", "first_difference", "flips", "splices"]

FLIPS = ("bit", "letter", "less-than", "nul", "high")
"""What becomes of a byte: one bit is another; a letter or digit is another one; ``<``; NUL; a byte that no ASCII is."""

LONGEST = 200
"""The bytes of a piece that is moved about, at most."""


def cuts(data: bytes, step: int = 1) -> Iterator[bytes]:
    """All documents that end before the root's last ``>``, or each so many-th."""
    for end in range(0, data.rindex(b">") + 1, step):
        yield data[:end]


def flips(data: bytes, seed: int, step: int = 1, kinds: tuple[str, ...] = FLIPS) -> Iterator[bytes]:
    """At each position, or each so many-th, one byte that is another; once for each kind of flip."""
    random = Random(seed)  # noqa: S311  # no secret
    for at in range(random.randrange(step), len(data), step):
        for kind in kinds:
            changed = _flipped(data[at], kind, random)
            if changed is not None:
                yield data[:at] + bytes([changed]) + data[at + 1 :]


def _flipped(byte: int, kind: str, random: Random) -> int | None:
    """Another byte, or None where there is none of the kind."""
    match kind:
        case "bit":
            return byte ^ (1 << random.randrange(7))
        case "letter" if chr(byte).isascii() and chr(byte).isalnum():
            alike = b"0123456789" if chr(byte).isdigit() else b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
            return random.choice([one for one in alike if one != byte])
        case "less-than" if byte != ord("<"):
            return ord("<")
        case "nul":
            return 0
        case "high":
            found = 0x80 | random.randrange(128)
            return found if found != byte else None
        case _:
            return None


def splices(data: bytes, other: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Pieces lost, doubled, exchanged, and put in from the document itself or from another.

    Half of the pieces begin and end at tags, so that what comes out is often well formed.
    """
    random = Random(seed)  # noqa: S311  # no secret
    marks, others = _tags(data), _tags(other)
    for number in range(count):
        one, two = _piece(data, marks, random), _piece(data, marks, random)
        match number % 4:
            case 0:
                yield data[: one[0]] + data[one[1] :]
            case 1:
                yield data[: one[1]] + data[one[0] :]
            case 2:
                first, second = sorted((one, two))
                middle = data[first[1] : second[0]]
                yield (
                    data[: first[0]] + data[slice(*second)] + middle + data[slice(*first)] + data[max(one[1], two[1]) :]
                )
            case _:
                source, places = (data, marks) if random.random() < 0.5 else (other, others)
                start, end = _piece(source, places, random)
                yield data[: one[0]] + source[start:end] + data[one[0] :]


def _tags(data: bytes) -> list[int]:
    """Where tags begin, but for the declaration."""
    return [at for at in range(1, len(data)) if data[at : at + 1] == b"<"]


def _piece(data: bytes, marks: list[int], random: Random) -> tuple[int, int]:
    if random.random() < 0.5:
        first = random.randrange(len(marks) - 1)
        return marks[first], marks[min(first + random.randint(1, 8), len(marks) - 1)]
    start = random.randrange(len(data))
    return start, min(start + random.randint(1, LONGEST), len(data))


def first_difference(one: bytes, other: bytes) -> int:
    """Where two documents part."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)
