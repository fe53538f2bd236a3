"""Random messages for property-based tests: hypothesis strategies for every profile and envelope.

``instances(MeterReadings)`` gives payloads that strict writing takes, ``instances(ResponseMessage[MeterReadings])``
whole messages with such a payload. Importing this module also tells hypothesis about all generated classes, those that
are loaded and those that come later, so that ``st.from_type(MeterReadings)`` does the same. No profile is loaded before
it is asked for. Needs the extra ``testing``.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

try:
    from hypothesis import strategies as st
except ModuleNotFoundError as error:
    msg = "random messages need hypothesis: pip install 'iec61968-9[testing]'"
    raise ModuleNotFoundError(msg, name=error.name) from error

from iec61968_9.xml.record import ForeignElement, QName, Record, Reference

__all__ = ["foreign_elements", "instances"]

T = TypeVar("T")

SIZE = 30
DEPTH = 10


def instances(kind: type[T], *, nan: bool = False, size: int = SIZE, depth: int = DEPTH) -> st.SearchStrategy[T]:
    """Objects of a generated class that strict writing takes and strict reading gives back.

    Values are legal and awkward on purpose: empty and blank texts, carriage returns, ``]]>``, characters beyond the
    basic plane, times with and without offset and with seven digits of a second, numbers huge and tiny.

    Args:
        kind: A payload, a query, an envelope or a class from inside one. An envelope may say what it carries:
            ``ResponseMessage[MeterReadings]``. One that does not carries anything.
        nan: Whether numbers may be NaN. Such an object is not equal to itself, so they are left out by default.
        size: How many optional elements an object holds at most.
        depth: How deep optional elements that hold others are nested.

    Raises:
        TypeError: The class is no generated one.
    """
    from iec61968_9.testing._objects import objects

    return cast("st.SearchStrategy[T]", objects(kind, nan=nan, size=size, depth=depth))


def foreign_elements(allowed: str = "##any", own: str = "") -> st.SearchStrategy[ForeignElement]:
    """Elements that no known schema describes, for members that hold anything.

    Args:
        allowed: The namespaces that the wildcard lets in, as a schema says it: ``##any``, ``##other``, ``##local`` or a
            list of namespaces.
        own: The namespace of the schema, which ``##other`` leaves out.
    """
    from iec61968_9.testing._values import foreign_elements

    return foreign_elements(allowed, own)


def _resolve(kind: type[Any]) -> st.SearchStrategy[Any]:
    """What hypothesis calls with a generated class, or with one that has a type parameter filled in."""
    return instances(kind)


def _resolve_any(_: type[Record]) -> st.SearchStrategy[Any]:
    """What hypothesis calls where any object will do."""
    from iec61968_9.testing._objects import roots

    return roots()


def _resolve_foreign(_: type[ForeignElement]) -> st.SearchStrategy[ForeignElement]:
    return foreign_elements()


def _resolve_qname(_: type[QName]) -> st.SearchStrategy[QName]:
    from iec61968_9.testing._values import qnames

    return qnames()


def _watch(base: type[Any]) -> None:
    """Make all classes derived from a base known to hypothesis, those to come as well.

    hypothesis asks for exact classes only, and one from a profile that is not loaded yet cannot be named to it.
    """

    def arrive(cls: type[Any], /, **arguments: Any) -> None:
        super(base, cls).__init_subclass__(**arguments)
        st.register_type_strategy(cls, _resolve)

    base.__init_subclass__ = classmethod(arrive)  # type: ignore[assignment]  # pyright: ignore
    known: list[type[Any]] = base.__subclasses__()
    for cls in known:
        known += cls.__subclasses__()
        st.register_type_strategy(cls, _resolve)


st.register_type_strategy(Record, _resolve_any)
st.register_type_strategy(Reference, _resolve)
st.register_type_strategy(ForeignElement, _resolve_foreign)
st.register_type_strategy(QName, _resolve_qname)
_watch(Record)
_watch(Reference)
