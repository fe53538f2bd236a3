"""What is wrong with bytes that are no XML document, in words for the person who has to find out why.

Two questions: what is this instead (``other_than_xml``, by its first bytes), and where does an XML document break
(``syntax_error``, by libxml2's number for it). libxml2's own words name its functions and take its terms
as known; here each number has a sentence and, where there is a usual cause, advice. What has none keeps its words.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from lxml import etree

from iec61968_9.errors import DecodeError, LimitError

__all__ = ["cut_off", "other_than_xml", "refused_doctype", "syntax_error", "web_page"]

NAME_TOO_LONG = 110
TOO_LARGE = frozenset({NAME_TOO_LONG, 114})
"""libxml2's numbers for a name that is too long and for its other bounds."""

SECOND_DOCUMENT = 5
LATE_DECLARATION = 64
INVALID_BYTES = 81
UNDECLARED = 26
PREMATURE_END = 77
UNFINISHED = frozenset({23, 40, 45, 47, 63, 68, 73, 80})
"""What a cut in a tag, an attribute, a comment or a reference looks like, where nothing follows."""

SHOWN = 120

MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "gzip data", "Decompress it first: gzip.decompress(data), or gzip.open(path, 'rb') for a file."),
    (b"PK\x03\x04", "a zip archive", "Open it with zipfile and pass a member's bytes."),
    (b"PK\x05\x06", "an empty zip archive", "Ask the sender: there is nothing in it."),
    (b"BZh", "bzip2 data", "Decompress it first: bz2.decompress(data)."),
    (b"\xfd7zXZ", "xz data", "Decompress it first: lzma.decompress(data)."),
    (b"%PDF-", "a PDF document", "Look for the XML that it was made from."),
    (b"H4sI", "gzip data in base64", "This is what Compressed holds: gzip.decompress(base64.b64decode(data))."),
    (b"HTTP/", "an HTTP response with its headers", "Pass the body only: what follows the first empty line."),
    (b"--", "a multipart message, perhaps MTOM", "Pass the part that holds the XML, without the boundary and headers."),
)
"""What else comes where XML should: its first bytes, what it is, and what to do."""

_HTML = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_FILE_NAME = re.compile(rb"[^\n<>{}\"]{0,250}(?:[/\\][^\n<>{}\"]*|\.(?:xml|gz|zip|txt|xsd))", re.IGNORECASE)


def other_than_xml(data: bytes, line: int, *, is_text: bool = False) -> DecodeError:
    """The error for what does not begin with ``<``.

    Args:
        data: What stands there, from its first character that is no white space; as much as is known.
        line: The line on which that is.
        is_text: Whether the caller passed it as ``str``.
    """
    for magic, name, advice in MAGIC:
        if data.startswith(magic):
            return _instead(name, line, advice)
    if data.startswith((b"{", b"[")):
        return _instead(
            "JSON",
            line,
            "Perhaps the error of a gateway: look at the HTTP status and at the first characters, " + _shown(data),
        )
    if data[:4].lower() == b"&lt;":
        return _instead(
            "escaped XML",
            line,
            "Its < and > arrive as &lt; and &gt;: it was put as a text into another document or page. Unescape it once "
            "(html.unescape), or take the text of the element that held it with an XML parser.",
        )
    if data.startswith(b"\xef\xbb\xbf"):
        return DecodeError(
            "not well formed: there are two byte order marks",
            expected="<",
            got="another byte order mark",
            line=line,
            reply_code="1.8",
            advice="Remove one: the sender's program adds its own to a file that has one already.",
        )
    if is_text and _FILE_NAME.fullmatch(data):
        return _instead(
            f"what looks like a file's name, {_shown(data)}",
            line,
            "A str is the document itself. For the file of that name, pass pathlib.Path(...).",
        )
    if b"\0" in data[:64]:
        return _instead("binary data", line, f"Its first bytes are {data[:8].hex(' ')}: ask the sender what it is.")
    return _instead(_shown(data), line, "A document begins with < : look at what stands before its first tag.")


def refused_doctype(data: bytes, line: int) -> DecodeError:
    """The error for what begins with a document type declaration."""
    if _HTML.match(data):
        return web_page(data, line)
    return DecodeError(
        "a document type declaration is not allowed",
        got="<!DOCTYPE",
        line=line,
        reply_code="1.8",
        advice="No message of the standard has one, and entities in it can be an attack. Have the sender leave it out: "
        "all from <!DOCTYPE to the > that ends it.",
    )


def syntax_error(
    error: etree.XMLSyntaxError, beginning: bytes, around: bytes, *, ended: bool, first_line: int = 1
) -> DecodeError:
    """libxml2's word for what is not well formed, as the library's.

    Args:
        error: What lxml raised.
        beginning: The document's first bytes.
        around: The bytes in which it is, all of the document or a piece.
        ended: Whether the document ends there, and not as a document does.
        first_line: The line on which ``around`` begins.
    """
    line, column = error.position if error.position[0] else (None, None)
    raw = re.sub(r", line \d+, column \d+.*$", "", error.msg or "", flags=re.DOTALL).strip()
    number = error.code
    if number in TOO_LARGE or re.match(r"(Comment|PI \S+|CData section) too big found", raw):
        deep = re.match(r"Excessive depth in document: (\d+)", raw)
        if deep is not None:
            return LimitError(f"more than {deep[1]} elements stand inside one another", limit="depth", line=line)
        if number == NAME_TOO_LONG:
            return LimitError("a name is too long", limit="name", line=line)
        return LimitError("a text, an attribute's value or a comment is too long", limit="text", line=line)
    if _HTML.match(beginning.lstrip()):
        return web_page(beginning.lstrip(), 1)
    if number == PREMATURE_END or (ended and number in UNFINISHED):
        inside = re.search(r"in tag (\S+) line (\d+)", raw)
        return cut_off(line, column, f" inside {inside[1]}, which begins on line {inside[2]}" if inside else "")
    if number == INVALID_BYTES:
        return _wrong_bytes(beginning, around, line, first_line)
    if number == LATE_DECLARATION and beginning.startswith(b"<?xml"):
        number = SECOND_DOCUMENT
    for sentence in SENTENCES:
        match = re.search(sentence.pattern, raw) if sentence.number == number else None
        if match is not None:
            message, expected, got, advice = (text and match.expand(text) for text in sentence[2:])
            break
    else:
        message, expected, got, advice = raw, None, None, None
    return DecodeError(
        f"not well formed: {message or 'it cannot be read to its end'}",
        line=line,
        column=column,
        expected=expected,
        got=got,
        reply_code="1.8",
        advice=advice,
    )


def cut_off(line: int | None, column: int | None, where: str = "") -> DecodeError:
    """The error for a document that ends too early."""
    return DecodeError(
        f"not well formed: the document ends in the middle{where}",
        line=line,
        column=column,
        expected="the rest of the document",
        got="its end",
        reply_code="1.8",
        advice="It was cut off on the way: compare its length with what was sent (Content-Length), and read from the "
        "connection until its end.",
    )


def web_page(data: bytes, line: int) -> DecodeError:
    """The error for HTML."""
    import html  # only an error needs it

    title = _TITLE.search(data)
    words = " ".join(html.unescape(title[1].decode("utf-8", "replace")).split()) if title else ""
    return DecodeError(
        "this is a web page, not a message",
        expected="an XML document",
        got=f"HTML with the title {words[:SHOWN]!r}" if words else "HTML",
        line=line,
        reply_code="1.8",
        advice="Probably the error or login page of a proxy or server: look at the HTTP status and at the address.",
    )


# -- inside --------------------------------------------------------------------------------------------------------

AMPERSAND = "The sender puts text into XML without escaping it: & must be written &amp; and < must be written &lt;."
CONTROL = "XML has no way to hold it: have the sender leave control characters out."
NO_PREFIX = "The start of the message was lost, or pieces of two messages were put together: the root must declare it."


class Sentence(NamedTuple):
    """What to say where libxml2 has a number and words that fit a pattern; groups of it may stand in each text."""

    number: int
    pattern: str
    message: str
    expected: str | None = None
    got: str | None = None
    advice: str | None = None


SENTENCES = (
    Sentence(
        SECOND_DOCUMENT,
        "",
        "something follows the end of the root element",
        "nothing more",
        advice="One source is one document: split several messages before they are read.",
    ),
    Sentence(9, "xmlParseCharRef", "a reference names a character that XML does not have", advice=CONTROL),
    Sentence(
        9, r"Char (?:value )?(?:0x)?(\w+)", "there is a control character", "text", r"character number \1", CONTROL
    ),
    Sentence(23, "", "an & begins no reference", "&amp;", "&", AMPERSAND),
    Sentence(
        UNDECLARED,
        "'(.*)' not defined",
        r"the entity &\1; is not one of XML's",
        "&amp; &lt; &gt; &quot; or &apos;",
        r"&\1;",
        "Have the sender write the character itself: only HTML knows other names.",
    ),
    Sentence(38, "", "there is a < in an attribute's value", "&lt;", "<", AMPERSAND),
    Sentence(39, "", "an attribute's value is not in quotation marks", '"'),
    Sentence(41, r"attribute (\S+)", r"the attribute \1 has no value", r'\1="..."'),
    Sentence(42, r"Attribute (\S+) redefined", r"the attribute \1 is there twice", "one of it"),
    Sentence(45, "", "a comment does not end", "-->"),
    Sentence(63, "", "a CDATA section does not end", "]]>"),
    Sentence(80, "", "there are two hyphens in a comment", "-->"),
    Sentence(99, "'(.*)' is not", r"the namespace '\1' is no URI"),
    Sentence(62, "", "there is a ]]> in a text", "]]&gt;", "]]>"),
    Sentence(
        LATE_DECLARATION,
        "",
        "the XML declaration is not at the very beginning",
        "<?xml as the first characters",
        advice="Something stands before it, perhaps white space: remove that.",
    ),
    Sentence(65, "", "two attributes have no space between them", "a space"),
    Sentence(68, "xmlParseEntityRef", "an & begins no reference", "&amp;", "&", AMPERSAND),
    Sentence(68, "", "a < begins no tag", "&lt;, or a name", "<", AMPERSAND),
    Sentence(73, "", "a tag does not end", ">"),
    Sentence(
        76,
        r"mismatch: (\S+) line (\d+) and (\S+)$",
        r"the element \1 of line \2 is open, and another is closed",
        r"</\1>",
        r"</\3>",
        "A tag between the two lines is missing or misspelt.",
    ),
    Sentence(200, r"xmlns:(\S+): Empty", r"the prefix \1 is declared with an empty namespace", "a namespace", '""'),
    Sentence(
        201,
        r"prefix (\S+) for (\S+) on",
        r"the prefix \1 of the attribute \2 is not declared",
        r'xmlns:\1="..."',
        advice=NO_PREFIX,
    ),
    Sentence(
        201,
        r"prefix (\S+) on (\S+) is",
        r"the prefix \1 of the element \2 is not declared",
        r'xmlns:\1="..."',
        advice=NO_PREFIX,
    ),
    Sentence(202, "QName '(.*)'", r"\1 is no name: it has a colon where none belongs"),
    Sentence(
        203, r"Attribute (\S+) in '(.*)' redef", r"the attribute \1 of the namespace \2 is there twice", "one of it"
    ),
)


def _instead(what: str, line: int, advice: str) -> DecodeError:
    return DecodeError(
        "this is not XML", expected="an XML document", got=what, line=line, reply_code="1.8", advice=advice
    )


def _wrong_bytes(beginning: bytes, data: bytes, line: int | None, first_line: int) -> DecodeError:
    """The error for bytes that are not in the encoding that a document is said to be in, with the first of them.

    libxml2 knows the line in UTF-8 only: what is in another encoding, it recodes well before it reads it.
    """
    declared = re.match(rb"""[^<]*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""", beginning)
    name, said = "UTF-8", "and declares no other encoding"
    if beginning.startswith(codecs.BOM_UTF8):
        said = "in which it begins"
    elif declared:
        name, said = declared[1].decode("ascii"), "which it says it is in"
    in_utf8 = name.lower() == "utf-8"
    got = None
    try:
        # A piece of a stream may begin inside a character.
        (data.lstrip(bytes(range(0x80, 0xC0))) if in_utf8 else data).decode(name)
    except UnicodeDecodeError as error:
        found = error.object[error.start : error.start + 1]
        got = f"the byte 0x{found.hex().upper()}"
        letter = found.decode("windows-1252", "replace")
        got += f", which is {letter} in windows-1252" if letter.isprintable() and letter != "\ufffd" else ""
        if not in_utf8:
            line = first_line + data.count(b"\n", 0, error.start)
    except LookupError:  # a name that Python does not know: then only that it is wrong can be said
        pass
    return DecodeError(
        f"not well formed: the document is not in {name}, {said}",
        line=line,
        expected=name,
        got=got,
        reply_code="1.8",
        advice="The sender writes another encoding than it declares. Where you know which, pass the text: "
        "data.decode('windows-1252').",
    )


def _shown(data: bytes) -> str:
    """The first characters of something, on one line."""
    text = " ".join(data[: 4 * SHOWN].decode("utf-8", "replace").split())
    return repr(text if len(text) <= SHOWN // 2 else f"{text[: SHOWN // 2]}…")
