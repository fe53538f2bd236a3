"""Documents made from the tables, without schema, generator or classes: libxml2 and the library agree about each."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests import tables
from tests.documents import canonical
from tests.properties.support import NOUNS, ROOTS, examples, for_profile, verdict
from tests.tables import DAMAGED, Element, Maker, Owner, Place, Simple, local, seeded, serialized, table
from tests.verbs.support import assert_both_modes_agree

from iec61968_9 import DecodeError, SchemaError, from_xml, to_xml, validate
from iec61968_9.xml.codec import Profile


def check_valid(data: bytes) -> None:
    """A valid document is read strictly, in either mode alike, and written as an equal document."""
    assert verdict(data) == []
    assert validate(data) == []
    value = from_xml(data)
    assert canonical(to_xml(value)) == canonical(data)
    assert canonical(to_xml(value, pretty=True)) == canonical(data)
    assert_both_modes_agree(data, value)


def check_agreement(data: bytes) -> bool:
    """libxml2 and the library find the same: the document is valid, or it is not. Gives what they found."""
    complaints = verdict(data)
    found = validate(data)
    assert bool(found) == bool(complaints), (data, found, complaints)
    if complaints:
        with pytest.raises(DecodeError):
            from_xml(data)
    else:
        from_xml(data)
    return not complaints


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_a_document_with_every_member_comes_back_equal(profile: Profile, root: str) -> None:
    """Nothing that a profile has is lost: each member of each type stands in the document."""
    for seed in range(3):
        check_valid(serialized(Maker(table(profile.noun), seeded(seed), whole=True).document(root)))


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_random_valid_documents_come_back_equal(profile: Profile, root: str) -> None:
    """Valid documents in any legal spelling are read, and written as equal documents."""

    @for_profile(profile, main=200 if len(profile.roots) == 1 else 80, other=30)
    @given(st.randoms(use_true_random=False))
    def property_(random: Random) -> None:
        check_valid(serialized(Maker(table(profile.noun), random).document(root), random))

    property_()


# -- damage --------------------------------------------------------------------------------------------------------


def parent(element: Element) -> Element:
    """The element around another."""
    found = element.getparent()
    assert found is not None
    return found


def drop_required(place: Place, _: Random) -> None:
    """Take away an element that must be there."""
    parent(place.element).remove(place.element)


def duplicate(place: Place, _: Random) -> None:
    """Put an element there twice."""
    copied = etree.fromstring(etree.tostring(place.element, with_tail=False))
    place.element.addnext(copied)


def swap(place: Place, _: Random) -> None:
    """Put an element behind its next sibling."""
    sibling = place.element.getnext()
    if sibling is not None:
        sibling.addnext(place.element)


def unknown_element(place: Place, random: Random) -> None:
    """Put an element there that the schema does not name."""
    namespace = random.choice((place.table.namespace, "", "urn:example:v"))
    place.element.insert(
        random.randint(0, len(place.element)), etree.Element(f"{{{namespace}}}x" if namespace else "x")
    )


def unknown_attribute(place: Place, random: Random) -> None:
    """Put an attribute there that the schema does not name."""
    place.element.set(random.choice(("x", "{urn:example:v}ref", "Ref")), "1")


def bad_literal(place: Place, random: Random) -> None:
    """Put a text there that is no literal of the type."""
    assert isinstance(place.type, Simple)
    literals = place.type.literals
    place.element.text = random.choice(
        (f"{literals[0]} ", literals[0].swapcase(), "", "nonsense") if literals else DAMAGED[place.type.base]
    )


def stray_text(place: Place, random: Random) -> None:
    """Put text between elements, where none belongs."""
    children = list(place.element)
    if children and random.randrange(2):
        random.choice(children).tail = random.choice(("x", "  .", "\u00a0"))
    else:
        place.element.text = random.choice(("x", "\n0\n", "\u2003"))


def rename(place: Place, random: Random) -> None:
    """Give an element another name, or another namespace."""
    name = local(place.element)
    tag = random.choice((f"{name}x", name.swapcase()))
    place.element.tag = random.choice((place.table.tag(tag), f"{{urn:example:v}}{name}", name))


def element_in_leaf(place: Place, _: Random) -> None:
    """Put an element into one that holds a value."""
    place.element.append(etree.Element(place.element.tag))


def is_leaf(place: Place) -> bool:
    """Whether an element holds a value."""
    return isinstance(place.type, Simple)


def holds_elements(place: Place) -> bool:
    """Whether an element holds elements only."""
    return isinstance(place.type, Owner) and place.type.text is None


def inside(place: Place) -> bool:
    """Whether an element stands in a type, and not at the root or in a wildcard."""
    return place.particle is not None


def in_choice(place: Place) -> bool:
    """Whether other elements may stand in an element's place."""
    return place.particle is not None and bool(place.particle.group)


Damage = tuple[Callable[[Place, Random], None], Callable[[Place], bool]]

FATAL: list[Damage] = [
    (drop_required, lambda place: place.particle is not None and place.particle.min > 0 and not in_choice(place)),
    (duplicate, lambda place: place.particle is not None and place.particle.max == 1 and not in_choice(place)),
    (unknown_attribute, lambda place: True),
    (stray_text, holds_elements),
    (element_in_leaf, is_leaf),
]
"""Damage that no document survives, and the places that it can be done to."""

OTHER: list[Damage] = [
    (swap, inside),
    (rename, inside),
    (unknown_element, holds_elements),
    (bad_literal, lambda place: is_leaf(place) and place.type.base != "xs:string"),  # type: ignore[union-attr]
    (bad_literal, lambda place: isinstance(place.type, Simple) and bool(place.type.literals)),
    (duplicate, inside),
    (drop_required, inside),
]
"""Damage that may leave a document valid, such as one more of what may repeat: libxml2 says."""


def damaged(root: Element, damages: list[Damage], random: Random) -> bool:
    """Do one kind of damage to one place of a document, if there is one."""
    places = list(known(root))
    for do, fits in random.sample(damages, len(damages)):
        fitting = [place for place in places if fits(place)]
        if fitting:
            do(random.choice(fitting), random)
            return True
    return False


def known(root: Element) -> list[Place]:
    """All places of a document."""
    return list(tables.known_by_tag()[str(root.tag)].walk(root))


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_libxml2_and_the_library_refuse_the_same_damaged_documents(profile: Profile, root: str) -> None:
    """What libxml2 refuses, the library refuses; what is still valid, it reads."""
    found = {True: 0, False: 0}

    @for_profile(profile, main=400 if len(profile.roots) == 1 else 150, other=80)
    @given(st.randoms(use_true_random=False))
    def property_(random: Random) -> None:
        element = Maker(table(profile.noun), random, whole=not random.randrange(3)).document(root)
        if damaged(element, FATAL + OTHER, random):
            found[check_agreement(serialized(element))] += 1

    property_()
    assert found[False] > found[True], "most damage makes a document invalid"


@pytest.mark.parametrize("noun", NOUNS)
def test_damage_that_no_document_survives_is_refused_with_its_place(noun: str) -> None:
    """A missing, doubled or unknown part is a SchemaError with path and line."""
    root = next(iter(table(noun).roots))
    for seed in range(25):
        random = seeded(seed)
        element = Maker(table(noun), random, whole=True).document(root)
        assert damaged(element, [random.choice(FATAL)], random) or damaged(element, FATAL, random)
        data = serialized(element)
        assert check_agreement(data) is False
        with pytest.raises(DecodeError) as caught:
            from_xml(data)
        assert caught.value.path is not None
        assert caught.value.line is not None
        assert 1 <= caught.value.line <= data.count(b"\n") + 1
        assert caught.value.path.startswith(f"/{root}")


@pytest.mark.parametrize(("builtin", "text"), [(kind, text) for kind, texts in DAMAGED.items() for text in texts])
def test_no_literal_is_read_that_the_schema_refuses(builtin: str, text: str) -> None:
    """Wherever a value of a built-in type stands, both refuse what is none, in whatever script or notation."""
    done = 0
    for noun in tables.NOUNS:
        root = next(iter(table(noun).roots))
        element = Maker(table(noun), seeded(1), whole=True).document(root)
        places = [place for place in known(element) if isinstance(place.type, Simple) and place.type.base == builtin]
        for place in places[:2]:
            before, place.element.text = place.element.text, text
            assert check_agreement(serialized(element)) is False
            place.element.text = before
            done += 1
        if done > 5:
            break
    assert done


# -- where libxml2 and XML Schema part -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xs:dateTime", "xs:date", "xs:time"])
def test_white_space_around_a_time_is_read(kind: str) -> None:
    """XML Schema allows white space around a time, which libxml2 refuses: the library takes it all the same."""
    done = 0
    for noun in tables.NOUNS:
        root = next(iter(table(noun).roots))
        element = Maker(table(noun), seeded(2), whole=True).document(root)
        plain = from_xml(serialized(element))
        places = [place for place in known(element) if isinstance(place.type, Simple) and place.type.base == kind]
        for place in places:
            place.element.text = f"\n  {place.element.text}\t"
            done += 1
        data = serialized(element)
        assert validate(data) == []
        assert from_xml(data) == plain
        assert not places or verdict(data)
    assert done > 5


@examples(60)
@given(st.randoms(use_true_random=False))
def test_a_payload_holds_one_kind_of_content_only(random: Random) -> None:
    """XML and Compressed at once, which libxml2 takes, is refused; one of them is read."""
    made = Maker(table("Message"), random)
    root = made.document("EventMessage")
    for old in root.findall(made.table.tag("Payload")):
        root.remove(old)
    payload = etree.SubElement(root, made.table.tag("Payload"))
    operations = etree.Element(made.table.tag("OperationSet"))
    compressed, identity = etree.Element(made.table.tag("Compressed")), etree.Element(made.table.tag("ID"))
    branches = [made.foreign(), operations, compressed, identity]
    chosen = [branch for branch in branches if random.randrange(2)]
    payload.extend(chosen)
    assert check_agreement(serialized(root)) == (len(chosen) < 2)


@pytest.mark.parametrize("text", ["1e", "1.5E+"])
def test_an_exponent_without_digits_is_refused(text: str) -> None:
    """libxml2 takes it for a number; XML Schema and the library do not."""
    element = Maker(table("MeterReadings"), seeded(1), whole=True).document("MeterReadings")
    place = next(place for place in known(element) if isinstance(place.type, Simple) and place.type.base == "xs:float")
    place.element.text = text
    assert verdict(serialized(element)) == []
    with pytest.raises(DecodeError, match="number"):
        from_xml(serialized(element))


def test_a_document_that_is_damaged_says_how_sure_the_schema_is() -> None:
    """Where the schema is derived, the error says so and what to do."""
    element = Maker(table("CustomerConfig"), seeded(1), whole=True).document("CustomerConfig")
    etree.SubElement(element, "x")
    with pytest.raises(SchemaError) as caught:
        from_xml(serialized(element))
    assert caught.value.status == "derived"
    assert caught.value.advice is not None
    assert "lenient" in caught.value.advice
