"""What is done to inputs: trees are changed as trees, texts part by part, and sometimes the bytes as they are.

Everything is drawn from a ``Random`` that the caller seeds, so that the same seed does the same damage, with a
coverage-guided fuzzer behind it or without one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import TypeAlias

from lxml import etree
from tests.fuzz import words
from tests.tables import Element

__all__ = ["Damage", "bytes_damage", "text_damage", "tree_damage"]

Damage: TypeAlias = Callable[[bytes, Random, Sequence[bytes]], bytes]
"""Gives a damaged input; the last are other inputs, of which pieces may be taken."""

PARSER = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False)
ELEMENTS = 3_000
"""Trees with more elements are no longer made to grow."""


# -- bytes ---------------------------------------------------------------------------------------------------------


def bytes_damage(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Change, take away, repeat or put in a few bytes, whatever they mean."""
    at = random.randint(0, len(data))
    to = min(len(data), at + random.choice((0, 1, 1, 2, 4, 16, 64, 500)))
    match random.randrange(7):
        case 0:
            return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
        case 1:
            return data[:at] + data[to:]
        case 2:
            return data[:at] + random.choice(words.MARKUP) + data[at:]
        case 3:
            return data[:to] + data[at:]
        case 4:
            return data[:at]
        case 5:
            return data[:at] + random.choice(words.dictionary()) + data[to:]
        case _:
            other = random.choice(others) if others else data
            start = random.randint(0, len(other))
            return data[:at] + other[start : start + random.choice((1, 8, 64, 2000))] + data[to:]


# -- trees ---------------------------------------------------------------------------------------------------------


def tree_damage(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Change a document here and there, so that it stays well formed mostly; what is no document loses bytes."""
    if random.random() < 0.08:
        return bytes_damage(data, random, others)
    root = _parsed(data)
    if root is None:
        return bytes_damage(data, random, others)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5))):
        nodes = list(root.iter("*"))
        node = random.choice(nodes)
        if len(nodes) > ELEMENTS:
            _drop(random, root, node)
        elif random.random() < 0.05:
            _graft(random, root, node, others)
        else:
            random.choice(CHANGES)(random, root, node)
    return _written(root, random)


def _parsed(data: bytes) -> Element | None:
    if b"<!DOCTYPE" in data:
        return None
    try:
        return etree.fromstring(data, PARSER)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _written(root: Element, random: Random) -> bytes:
    """A tree as bytes, seldom in another encoding than the usual one."""
    if random.random() < 0.06:
        return etree.tostring(
            root, encoding=random.choice(("UTF-16", "ISO-8859-1", "US-ASCII", "UTF-8")), xml_declaration=True
        )
    return etree.tostring(root)


def _namespace(node: Element) -> str:
    return str(node.tag).rpartition("}")[0][1:]


def _tag(random: Random, node: Element) -> str:
    """A name for an element near another: of the same schema mostly, seldom of any."""
    if random.random() < 0.85:
        return random.choice(words.tags(_namespace(node)))
    space, local = random.choice(words.namespaces()), str(node.tag).rpartition("}")[2]
    return f"{{{space}}}{local}" if space else local


def _value(random: Random) -> str:
    """A text: of an enumeration, of a built-in type, or hostile."""
    kind = random.random()
    if kind < 0.3:
        return random.choice(words.literals())
    text = random.choice(words.TEXTS)
    if kind < 0.85:
        return text
    at = random.randint(0, len(text))
    return text[:at] + random.choice([one for one in words.CHARACTERS if one >= " " or one in "\t\n\r"]) + text[at:]


def _text(random: Random, _: Element, node: Element) -> None:
    node.text = _value(random)


def _leaf_text(random: Random, root: Element, node: Element) -> None:
    leaves = [one for one in root.iter("*") if not len(one)]
    random.choice(leaves or [node]).text = _value(random)


def _cdata(random: Random, _: Element, node: Element) -> None:
    node.text = etree.CDATA(_value(random).replace("]]>", ""))


def _tail(random: Random, root: Element, node: Element) -> None:
    if node is not root:
        node.tail = random.choice(("x", " ", "\n", "\u00a0", "]]&gt;", None))


def _nudge(random: Random, root: Element, node: Element) -> None:
    """Change a character of a text that is there."""
    leaves = [one for one in root.iter("*") if one.text]
    if leaves:
        node = random.choice(leaves)
        text = node.text or ""
        at = random.randint(0, len(text))
        letter = random.choice(["", *(one for one in words.CHARACTERS if one >= " " or one in "\t\n\r")])
        node.text = text[:at] + letter + text[at + random.randint(0, 1) :]


def _swap_texts(random: Random, root: Element, node: Element) -> None:
    other = random.choice(list(root.iter("*")))
    node.text, other.text = other.text, node.text


def _rename(random: Random, _: Element, node: Element) -> None:
    node.tag = _tag(random, node)


def _move_namespace(random: Random, _: Element, node: Element) -> None:
    """Put an element and all inside into another namespace."""
    space, was = random.choice(words.namespaces()), _namespace(node)
    for one in node.iter("*"):
        if _namespace(one) == was:
            local = str(one.tag).rpartition("}")[2]
            one.tag = f"{{{space}}}{local}" if space else local


def _insert(random: Random, _: Element, node: Element) -> None:
    made = etree.Element(_tag(random, node))
    if random.random() < 0.6:
        made.text = _value(random)
    node.insert(random.randint(0, len(node)), made)


def _comment(random: Random, _: Element, node: Element) -> None:
    made = random.choice((etree.Comment(" c "), etree.ProcessingInstruction("p", "i")))
    made.tail = random.choice((None, "x", " ", "1"))
    node.insert(random.randint(0, len(node)), made)


def _attribute(random: Random, _: Element, node: Element) -> None:
    names = list(node.attrib)
    if names and random.random() < 0.4:
        del node.attrib[random.choice(names)]
    else:
        name = random.choice(words.attributes())
        value = random.choice(("true", "false", "1")) if name.endswith("nil") else _value(random)
        node.set(name, value)


def _type(random: Random, root: Element, node: Element) -> None:
    """Say a type, of the element's own schema or of none, as ``xsi:type`` does."""
    local = str(node.tag).rpartition("}")[2]
    name = random.choice((local, "Meter", "Reading", "string", "Name", "nothing", str(root.tag).rpartition("}")[2]))
    prefix = next((str(one) for one, uri in node.nsmap.items() if one and uri == _namespace(node)), "")
    node.set("{http://www.w3.org/2001/XMLSchema-instance}type", f"{prefix}:{name}" if prefix else name)


def _drop(_: Random, root: Element, node: Element) -> None:
    parent = node.getparent()
    if parent is not None and node is not root:
        parent.remove(node)


def _duplicate(random: Random, _: Element, node: Element) -> None:
    parent = node.getparent()
    if parent is not None:
        count = random.choice((1, 1, 1, 2, 20)) if len(list(node.iter())) < 20 else 1
        for _number in range(count):
            parent.insert(random.randint(0, len(parent)), deepcopy(node))


def _move(random: Random, root: Element, node: Element) -> None:
    inside = set(node.iter())
    others = [one for one in root.iter("*") if one not in inside]
    if node is not root and others:
        target = random.choice(others)
        target.insert(random.randint(0, len(target)), node)


def _swap(_: Random, root: Element, node: Element) -> None:
    neighbour = node.getnext()
    if neighbour is not None and node is not root:
        neighbour.addnext(node)


def _shuffle(random: Random, _: Element, node: Element) -> None:
    children = list(node)
    random.shuffle(children)
    node[:] = children


def _wrap(random: Random, root: Element, node: Element) -> None:
    """Put an element into one of its own kind, or of another, several times perhaps."""
    parent = node.getparent()
    if parent is None or node is root:
        return
    place = parent.index(node)
    around = inner = etree.Element(random.choice((str(node.tag), _tag(random, node))))
    for _number in range(random.choice((0, 0, 0, 1, 30))):
        inner = etree.SubElement(inner, around.tag)
    parent.insert(place, around)
    inner.append(node)


def _unwrap(_: Random, root: Element, node: Element) -> None:
    parent = node.getparent()
    if parent is not None and node is not root:
        place = parent.index(node)
        parent[place : place + 1] = list(node)


def _graft(random: Random, root: Element, node: Element, others: Sequence[bytes]) -> None:
    """Put a piece of another input there, or all of it."""
    other = _parsed(random.choice(others)) if others else None
    if other is not None:
        piece = random.choice([other, *other.iter("*")])
        node.insert(random.randint(0, len(node)), deepcopy(piece))


CHANGES: tuple[Callable[[Random, Element, Element], None], ...] = (
    _text,
    _leaf_text,
    _leaf_text,
    _leaf_text,
    _cdata,
    _tail,
    _nudge,
    _nudge,
    _swap_texts,
    _rename,
    _move_namespace,
    _insert,
    _insert,
    _comment,
    _attribute,
    _attribute,
    _type,
    _drop,
    _drop,
    _duplicate,
    _move,
    _swap,
    _shuffle,
    _wrap,
    _unwrap,
)


# -- texts ---------------------------------------------------------------------------------------------------------


def text_damage(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Change a text of some parts: one part, the number of parts, a character, or all that parts it."""
    text = data.decode("utf-8", "replace")
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        text = _changed(text, random, others)
    return text.encode("utf-8", "replace")


def _changed(text: str, random: Random, others: Sequence[bytes]) -> str:
    parts = re.split(r"([.:\-T+\n])", text)
    at = random.randrange(len(parts))
    place = random.randint(0, len(text))
    match random.randrange(9):
        case 0:
            parts[at] = str(random.choice((0, 1, 7, 72, 255, 256, 999, 10**17, 10**18 - 1, 10**18)))
        case 1:
            parts[at] = random.choice(("", "-1", "+1", "00", "-0", "01", "*", "\u0663", "1_0", "0x1", " 1", "1 "))
        case 2:
            parts.insert(at, random.choice((".", "-", ":", "\n", "T", "Z", "*")))
        case 3:
            del parts[at]
        case 4:
            parts[at] *= 2
        case 5:
            return text[:place] + random.choice(words.CHARACTERS) + text[place + random.randint(0, 1) :]
        case 6:
            return text[:place] + text[place + random.randint(1, 4) :]
        case 7:
            parts[at] = random.choice(words.TEXTS + words.literals())
        case _:
            other = (random.choice(others) if others else b"1").decode("utf-8", "replace")
            start = random.randint(0, len(other))
            return text[:place] + other[start : start + random.choice((1, 4, 30))] + text[place:]
    return "".join(parts)
