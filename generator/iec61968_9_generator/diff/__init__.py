"""What differs between two sets of schemas, and whom it breaks.

``schemas`` reads files into declarations that can be found by name; ``structure`` follows references, groups and
derivations to what an element may really hold; ``expression`` and ``values`` say of two contents or two kinds of values
whether one allows all that the other does; ``compare`` walks two sets in step from their roots; ``report`` prints.
"""

from __future__ import annotations

from iec61968_9_generator.diff.compare import compare
from iec61968_9_generator.diff.findings import Finding
from iec61968_9_generator.diff.report import CLASSES, as_json, as_text

__all__ = ["CLASSES", "Finding", "as_json", "as_text", "compare"]
