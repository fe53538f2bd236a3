"""Turns a folder of XML Schemas into a package of typed Python: dataclasses, codecs, run-time schemas, an index.

The pipeline, one step a module, in the order in which data flows through them:

``manifest``, ``glossary``, and the table that ``names`` reads
    What people wrote beside the schemas: what each schema is, what its words mean, which names were reviewed.
``read``
    Parses each schema with xsdata and, beside it, notes lines, CIM terms and what cannot be handled.
``model``
    The structure that all further steps work on: types, members, choices, wildcards. Nothing of XML Schema's syntax.
``names``
    Gives every type, member and literal its Python name.
``share``
    Finds the types that several profiles have in common and cuts them into modules.
``emit_*``
    Writes dataclasses, codecs, run-time schemas and the index as text, formatted as a careful person would.
``files``
    Puts the texts into a folder, or says how the folder differs from them.

Run it as ``python -m iec61968_9_generator``. Needs the extra ``generator``.
"""

from __future__ import annotations

import importlib.util

__all__ = ["VERSION"]

if importlib.util.find_spec("xsdata") is None:
    raise ModuleNotFoundError("the generator needs xsdata: pip install 'iec61968-9[generator]'", name="xsdata")

VERSION = "0.1"
"""Stands in the first line of every generated file; raised when the same schemas give other files."""
