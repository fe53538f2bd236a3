"""What is wrong with the children of one element: unknown, misplaced, too many, missing; all of it, not the first.

libxml2 stops at the first child that does not fit and looks at none of the later ones, neither at their place nor into
them. So the children are held to the content here, and then put in order for a moment, as the schema would have them,
so that libxml2 can look into the rest; ``Mending`` puts everything back as it was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from iec61968_9.xml.codec import Element
from iec61968_9.xml.content import Content, Contents, Place
from iec61968_9.xml.document import local_name, namespace_of
from iec61968_9.xml.spelling import nearest

__all__ = ["Fault", "Mending", "arrange", "listed"]

SHOWN = 10
"""How many names a sentence lists."""

SEARCHED = 3
"""How many elements deep a misplaced one's home is looked for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong at an element, in the words of a ``SchemaIssue``.

    Attributes:
        element: Where.
        kind: The issue's kind.
        message: What is wrong.
        expected: What should be.
        got: What is.
        attribute: The attribute, where it is about one.
    """

    element: Element
    kind: str
    message: str
    expected: str | None = None
    got: str | None = None
    attribute: str | None = None


@dataclass(slots=True)
class Mending:
    """What was changed in a tree for a moment.

    Attributes:
        unfinished: Elements of which a part was cut off, so that nothing in them is missing.
    """

    children: list[tuple[Element, list[Element]]] = field(default_factory=list[tuple[Element, list[Element]]])
    tags: list[tuple[Element, str]] = field(default_factory=list[tuple[Element, str]])
    inserted: set[Element] = field(default_factory=set[Element])
    unfinished: set[Element] = field(default_factory=set[Element])

    def rearrange(self, parent: Element, before: list[Element], after: list[Element]) -> None:
        """Give an element other children than it had."""
        self.children.append((parent, before))
        parent[:] = after

    def rename(self, element: Element, tag: str) -> None:
        """Give an element another name, and those in it that are in the same namespace the new one's."""
        namespace, target = namespace_of(element.tag), namespace_of(tag)
        changed = list(element.iter(f"{{{namespace}}}*")) if namespace != target else [element]
        self.tags += [(node, str(node.tag)) for node in changed]
        for node in changed:
            node.tag = f"{{{target}}}{local_name(node.tag)}" if target else local_name(node.tag)
        element.tag = tag

    def insert(self, parent: Element, tag: str) -> Element:
        """An element that is not there. It must still be put among the children."""
        made = etree.SubElement(parent, tag)
        self.inserted.add(made)
        return made

    def undo(self) -> None:
        """Put everything back as it was; once more does nothing."""
        while self.children:
            parent, children = self.children.pop()
            parent[:] = children
        while self.tags:
            element, tag = self.tags.pop()
            element.tag = tag


def arrange(
    root: Element, parent: Element, contents: Contents, mending: Mending, known_roots: Mapping[str, str], limit: int
) -> list[Fault]:
    """All that is wrong with an element's children; they are mended for what looks further.

    Args:
        root: What was validated.
        parent: The element.
        contents: The schema.
        mending: What was changed so far.
        known_roots: The qualified names of profiles' roots by their local names, for payloads in a wrong namespace.
        limit: How many faults are wanted: an element may have very many children.

    Returns:
        What is wrong; nothing where the schema has constructs that are not followed here.
    """
    declaration = contents.declaration(root, parent)
    content = None if declaration is None else contents.content(declaration, parent)
    if declaration is None or content is None or not content.is_plain:
        return []
    arranging = _Arranging(root, parent, content, contents, mending, known_roots, limit)
    arranging.place_all()
    arranging.find_unknown(declaration)
    arranging.find_misplaced()
    arranging.find_surplus()
    arranging.find_missing()
    if arranging.faults:
        mending.rearrange(parent, arranging.children, arranging.mended())
    return arranging.faults


def listed(names: list[str], last: str = "or") -> str:
    """Names in a sentence: ``a, b or c``; of very many the first."""
    names = list(dict.fromkeys(names))
    if len(names) > SHOWN + 2:
        return f"{', '.join(names[:SHOWN])} {last} one of {len(names) - SHOWN} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


class _Arranging:
    """The children of one element, with their places.

    Attributes:
        places: The place of each child that has one.
        unknown: The others.
    """

    def __init__(
        self,
        root: Element,
        parent: Element,
        content: Content,
        contents: Contents,
        mending: Mending,
        known_roots: Mapping[str, str],
        limit: int,
    ) -> None:
        self.root = root
        self.parent = parent
        self.content = content
        self.contents = contents
        self.mending = mending
        self.known_roots = known_roots
        self.children = list(parent)
        self.places: dict[Element, Place] = {}
        self.counts: Counter[str] = Counter()
        self.unknown: dict[Element, None] = {}
        self.limit = limit
        self.surplus: set[Element] = set()
        self.missing: list[Place] = []
        self.faults: list[Fault] = []

    def place_all(self) -> None:
        """Find each child's place by its name."""
        for child in self.children:
            place = self.content.place(str(child.tag))
            if place is None:
                self.unknown[child] = None
            else:
                self.places[child] = place
                self.counts[place.tag] += 1

    def is_open(self, place: Place) -> bool:
        """Whether one more may stand in a place."""
        return place.most is None or self.counts[place.tag] < place.most

    # -- unknown -------------------------------------------------------------------------------------------------

    def find_unknown(self, declaration: Element) -> None:
        """What has no place; what is only misspelt gets the place that was meant."""
        for child in self.unknown:
            if len(self.faults) >= self.limit:
                return
            name = local_name(child.tag)
            open_places = [place for place in self.content.places if place.tag and self.is_open(place)]
            meant = next((one for one in open_places if one.name == name), None)
            if meant is not None:
                self.faults.append(_wrong_namespace(child, meant.tag))
            elif name in self.known_roots and any(not place.tag for place in self.content.places):
                self.faults.append(_wrong_namespace(child, self.known_roots[name]))
            else:
                near = nearest(name, [one.name for one in open_places])
                meant = next((one for one in open_places if one.name == near), None)
                self.faults.append(self.unexpected(child, meant, declaration))
            if meant is not None:
                self.mending.rename(child, meant.tag)
                self.places[child] = meant
                self.counts[meant.tag] += 1

    def unexpected(self, child: Element, meant: Place | None, declaration: Element) -> Fault:
        """The fault of an element that nobody expects."""
        name = local_name(child.tag)
        message = f"the element {name} is not expected here"
        if meant is not None:
            return Fault(child, "unknown-element", f"{message}: perhaps {meant.name} is meant", meant.name, name)
        homes = self.homes(declaration, name)
        if homes:
            message += f": it belongs inside {listed(homes)}"
        return Fault(child, "unknown-element", message, self.expected_at(child), name)

    def homes(self, declaration: Element, name: str) -> list[str]:
        """Into which elements beside or around here an element of some name belongs."""
        level: list[tuple[str, Element]] = [("", declaration)]
        for _ in range(SEARCHED):
            found: list[str] = []
            below: list[tuple[str, Element]] = []
            for path, owner in level:
                content = self.contents.content(owner)
                for place in content.places if content is not None else ():
                    if place.name == name and path:
                        found.append(path)
                    elif place.tag:
                        below.append((f"{path}/{place.name}" if path else place.name, place.declaration))
            if found:
                return found[:3]
            level = below
        inner = self.parent
        while inner is not self.root and (outer := inner.getparent()) is not None:
            around = self.contents.declaration(self.root, outer)
            content = None if around is None else self.contents.content(around)
            if content is not None and any(place.name == name for place in content.places):
                return [f"{local_name(outer.tag)}, beside {local_name(inner.tag)}"]
            inner = outer
        return []

    def expected_at(self, child: Element) -> str:
        """What might stand where a child stands."""
        at = self.children.index(child)
        before = [self.places[one] for one in self.children[:at] if one in self.places]
        after = next((self.places[one] for one in self.children[at + 1 :] if one in self.places), None)
        first = max((place.order for place in before), default=0)
        last = after.order if after is not None and after.order >= first else None
        names = [
            place.name
            for place in self.content.places
            if first <= place.order and (last is None or place.order <= last) and self.is_open(place)
        ]
        return listed(names) if names else "no further element"

    # -- order and number ----------------------------------------------------------------------------------------

    def find_misplaced(self) -> None:
        """The fewest children that must go elsewhere so that all are in order."""
        placed = [child for child in self.children if child in self.places]
        kept = _longest([self.places[child].order for child in placed])
        if len(kept) == len(placed):
            return
        inside = set(kept)
        stay = [child for number, child in enumerate(placed) if number in inside]
        orders = [self.places[child].order for child in stay]
        for number, child in enumerate(placed):
            if number in inside or child in self.unknown:
                continue
            name = local_name(child.tag)
            at = bisect_right(orders, self.places[child].order)
            expected = f"it behind {local_name(stay[at - 1].tag)}" if at else f"it before {local_name(stay[0].tag)}"
            before = child.getprevious()
            got = "it as the first" if before is None else f"it behind {local_name(before.tag)}"
            self.faults.append(
                Fault(child, "misplaced-element", f"the element {name} stands in the wrong place", expected, got)
            )

    def find_surplus(self) -> None:
        """Children that are more than may be, and branches that exclude each other."""
        counts: Counter[str] = Counter()
        branches: dict[int, Place] = {}
        for child in self.children:
            place = self.places.get(child)
            if place is None:
                continue
            name = local_name(child.tag)
            counts[place.tag] += 1
            number = counts[place.tag]
            if place.choice is not None and branches.setdefault(place.choice, place) is not place:
                other = branches[place.choice].name
                message = f"{name} and {other} exclude each other"
                self.faults.append(Fault(child, "several-branches", message, f"one of them in {self.name}", "both"))
            elif place.most is None or number <= place.most:
                continue
            else:
                often = "once only" if place.most == 1 else f"at most {place.most} times"
                message = f"the element {name} may stand here {often}"
                self.faults.append(Fault(child, "repeated-element", message, None, f"{name} number {number}"))
            self.surplus.add(child)

    @property
    def name(self) -> str:
        """The parent's name."""
        return local_name(self.parent.tag)

    def find_missing(self) -> None:
        """What must be there and is not."""
        taken = {place.choice for place in self.places.values()}
        begun = {place.group for place in self.places.values()} - {None}
        for place in self.content.places:
            needed = place.least or place.group in begun
            if place.choice is None and needed and place.tag and not self.counts[place.tag]:
                self.missing.append(place)
                message = f"the element {place.name} is missing"
                self.faults.append(Fault(self.parent, "missing-member", message, self.where(place)))
        for choice in sorted(self.content.required - taken):
            branches = [place for place in self.content.places if place.choice == choice]
            self.missing += [place for place in branches if place.tag][:1]
            names = listed([place.name for place in branches])
            self.faults.append(
                Fault(self.parent, "missing-member", f"{self.name} is not complete", names, "none of them")
            )

    def where(self, place: Place) -> str:
        """Where a missing element belongs."""
        before = [one for one in self.content.places if one.order < place.order and self.counts[one.tag]]
        after = [one for one in self.content.places if one.order > place.order and self.counts[one.tag]]
        if before:
            return f"{place.name} behind {before[-1].name}"
        return f"{place.name} before {after[0].name}" if after else f"{place.name} in {self.name}"

    def mended(self) -> list[Element]:
        """The children as the schema would have them."""
        order = {child: (self.places[child].order, 0) for child in self.children if child in self.places}
        stay = [child for child in self.children if child in self.places and child not in self.surplus]
        for place in self.missing:
            made = self.mending.insert(self.parent, place.tag)
            order[made] = place.order, 1
            stay.append(made)
        return sorted(stay, key=order.__getitem__)


def _wrong_namespace(child: Element, tag: str) -> Fault:
    name, namespace, right = local_name(child.tag), namespace_of(child.tag), namespace_of(tag)
    parent = child.getparent()
    if not namespace:
        message, got = f"the element {name} is in no namespace: its xmlns is missing or empty", None
    elif right and parent is not None and namespace == namespace_of(parent.tag):
        message, got = (
            f"the element {name} is in the namespace of {local_name(parent.tag)}: its own xmlns is missing",
            None,
        )
    else:
        message, got = f"the element {name} is in another namespace", namespace
    return Fault(child, "unknown-element", message, f'xmlns="{right}"' if right else "no namespace", got)


def _longest(numbers: list[int]) -> list[int]:
    """The positions of a longest run of numbers, others left out, none of which is less than the one before.

    Of several the one that keeps those in front: the later ones are called misplaced.
    """
    numbers = [-number for number in reversed(numbers)]
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for position, number in enumerate(numbers):
        place = bisect_right(ends, number)
        before.append(at[place - 1] if place else -1)
        if place == len(ends):
            ends.append(number)
            at.append(position)
        else:
            ends[place], at[place] = number, position
    found: list[int] = []
    position = at[-1] if at else -1
    while position >= 0:
        found.append(position)
        position = before[position]
    return [len(numbers) - 1 - position for position in found]
