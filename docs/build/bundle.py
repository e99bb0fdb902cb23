"""The page about bundles, made from their layout: who writes a reader of them in another language reads this."""

from __future__ import annotations

from parts import MADE, table

from workbook.collect.bundle import layout

_HEAD = f"""# A bundle (上报包)

What `nianbao collect export` writes and `nianbao collect add` takes in above: a zip file. Version {layout.FORMAT} of
the layout. It is known by its first member, whatever it is called.

JSON is UTF-8; a member `.jsonl` has one object a line, with just the keys below. Times are Beijing time,
`YYYY-MM-DD HH:MM:SS`. The same state of a collection gives the same bytes. Every member but the manifest stands in the
manifest with its SHA-256 and size; a member that is missing, more or otherwise makes the whole bundle refused, and so
does a line that is not as described here. Nothing is half received.

Line N of `{layout.REPORTS}` and line N of `{layout.RECEIPTS}` are of one report. A report is known at all levels by
`digest`, the SHA-256 of the file as it was first received, not by the bytes of its line. What was withdrawn or erased
is not in it, the decisions are. Reports that came together have one number `delivery` and stand next to each other.

Above, every report is checked again. Findings that only the reading of the original could tell are taken from
`findings`; all others are found anew. Decisions are taken over with their time and their person, and never against one
that was taken above. Units are found below the sender by credit code, then by name below the same unit, then by a name
that only one unit there has; the others come to the register below the sender, which is told.
"""
_SHAPES = (
    (layout.MANIFEST, layout.HEAD),
    (f"`from` in {layout.MANIFEST}", layout.SENDER),
    (layout.RECEIPTS, layout.RECEIPT),
    (layout.DECISIONS, layout.DECISION),
    (layout.REGISTER, layout.UNIT),
)
_KINDS = {
    "str": "text",
    "int": "whole number",
    "bool": "true or false",
    "list": "list",
    "dict": "object",
    "NoneType": "null",
}


def page() -> str:
    """Return the page."""
    out = [MADE, _HEAD, "## Members\n"]
    out.append(
        table(["Member", ""], [(name if "`" in name else f"`{name}`", text) for name, text in layout.MEMBERS.items()])
    )
    for name, shape in _SHAPES:
        out.append(f"## {name if '`' in name else f'`{name}`'}\n")
        rows = [
            (f"`{key}`", " or ".join(_KINDS[kind.__name__] for kind in kinds), text)
            for key, (kinds, text) in shape.items()
        ]
        out.append(table(["Key", "Kind", ""], rows))
    return "\n".join(out)
