"""What a user finds who has installed the wheel and nothing else; runs there, and needs nothing but the library.

Every module is imported and every public name is there; what belongs to an extra says how to get it. Then each message
of a folder is validated, read strictly and leniently, diagnosed and written, and readings are streamed: a digest of all
that came of it is printed, which must be the same everywhere.

``python -W error -I installed.py FOLDER`` prints JSON.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import pkgutil
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import distribution, distributions
from pathlib import Path

CODE = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
EXTRAS = {
    "generator": "import iec61968_9_generator",
    "testing": "import iec61968_9.testing",
    "units": f"from iec61968_9 import codes; codes.Value('1', codes.ReadingTypeCode.parse({CODE!r})).quantity()",
}
"""What needs an extra, each by its name."""


def imported() -> int:
    """Import every module of the library and every name that it makes public; how many names."""
    import iec61968_9

    names = 0
    found = pkgutil.walk_packages(iec61968_9.__path__, "iec61968_9.", onerror=_raise)
    for name in ["iec61968_9", *(one.name for one in found if not _is_beyond(one.name))]:
        module = importlib.import_module(name)
        names += sum(getattr(module, public) is not None for public in getattr(module, "__all__", ()))
    return names


def _raise(name: str) -> None:
    if not _is_beyond(name):
        raise ImportError(name)


def _is_beyond(name: str) -> bool:
    return name.endswith(".__main__") or name.startswith("iec61968_9.testing")


def without() -> Iterator[str]:
    """What is said for lack of each extra, if it does not name the command that brings it."""
    for extra, program in EXTRAS.items():
        try:
            exec(program, {})  # noqa: S102  # a line from above
        except ModuleNotFoundError as error:
            if f"pip install 'iec61968-9[{extra}]'" not in str(error):
                yield f"{extra}: {error}"
        else:
            yield f"{extra}: nothing was missing"


def results(folder: Path) -> Iterator[str]:
    """All that comes of the messages of a folder, as text."""
    from iec61968_9 import Iec61968Error, Reference, Report, from_xml, iter_xml, open_writer, to_xml, validate
    from iec61968_9.codes import ReadingTypeCode
    from iec61968_9.exchange import diagnose, read_message
    from iec61968_9.profiles import MeterReadings
    from iec61968_9.profiles.meter_readings import MeterReading, Reading

    for path in sorted(folder.glob("*.xml")):
        data = path.read_bytes()
        yield path.name
        yield from map(repr, validate(data))
        try:
            message = from_xml(data)
            yield repr(message)
            yield to_xml(message, pretty=True).decode()
        except Iec61968Error as error:
            yield str(error)
        report = Report()
        lenient = read_message(data, mode="lenient", report=report).message
        yield from map(str, (report, to_xml(lenient, mode="lenient"), *diagnose(lenient)))
    items = [
        MeterReading(readings=[Reading(value=str(number), reading_type=Reference(ref=CODE))]) for number in range(100)
    ]
    target = io.BytesIO()
    with open_writer(target, MeterReadings(), MeterReading) as writer:
        for item in items:
            writer.append(item)
    yield target.getvalue().decode()
    with iter_xml(target.getvalue(), MeterReading) as stream:
        if list(stream) != items:
            raise AssertionError("what was written item by item is not what is read so")
    yield ReadingTypeCode.parse(CODE).describe()


def main(arguments: list[str]) -> None:
    """Print what was found."""
    digest = hashlib.sha256()
    texts = 0
    for text in results(Path(arguments[0])):
        digest.update(text.encode() + b"\0")
        texts += 1
    files = [str(one) for one in distribution("iec61968-9").files or ()]
    print(
        json.dumps(
            {
                "python": platform.python_version(),
                "installed": sorted(f"{one.name} {one.version}" for one in distributions()),
                "names": imported(),
                "without": list(without()),
                "strangers": sorted({one.split("/")[0] for one in files}),
                "typed": "iec61968_9/py.typed" in files,
                "texts": texts,
                "digest": digest.hexdigest(),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
