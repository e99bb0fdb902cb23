"""Whether sheets that are taken in one pass are what python-calamine reads of those that were vetted.

``python tests/support/one_pass.py 100000`` compares so many mutants of workbooks; a seed may follow. A mutant that is
read in two ways is written down beside.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
import zipfile
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from cases import EDITIONS, sound
from packages import FAR_CELLS, REFUSED, without_rules
from workbooks import blank_of, edited, saved, workbook_of

from workbook.excel.reading.file import FileWorkbook
from workbook.excel.reading.package import Markup, Package
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = (*sorted((ROOT / "examples").glob("*.xlsx")), *sorted((ROOT / "templates").glob("*.xlsx")),
         *sorted((ROOT / "tests" / "corpus").glob("*.xlsx")))  # fmt: skip


class TwoPasses(Package):
    """A package each sheet of which is vetted first and parsed then."""

    def _scanned(self, xml: bytes, part: str) -> Markup | None:  # noqa: ARG002
        return None


def outcome(kind: type[Package], data: bytes, wanted: Collection[str] = ()) -> dict[str, Any]:
    """Return what is read of each sheet, or of some, or the refusal."""
    try:
        book = FileWorkbook(kind(data, "a.xlsx"))
    except Unreadable as refusal:
        return {"": [finding.message() for finding in refusal.findings]}
    found: dict[str, Any] = {}
    for name in book.names:
        if not wanted or name in wanted:
            try:
                grid = [[(type(value), repr(value)) for value in row] for row in book.grid(name)]
                found[name] = grid, book.unseen(name), book.looks().get(name), repr(sorted(book.values(name)))
            except Unreadable as refusal:
                found[name] = [finding.message() for finding in refusal.findings]
    return found | {"": [finding.message() for finding in book.told()]}


def differ(data: bytes, wanted: Collection[str] = ()) -> tuple[list[str], int]:
    """Return the sheets that are read in two ways, and how many were taken in one pass; the others have one way."""
    try:
        package = Package(data, "a.xlsx")
    except Unreadable:
        return [], 0
    scanned = sum(_is_scanned(package, name) for name in package.sheets if not wanted or name in wanted)
    if not scanned:
        return [], 0
    mine, theirs = outcome(Package, data, wanted), outcome(TwoPasses, data, wanted)
    return [name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)], scanned


def _is_scanned(package: Package, name: str) -> bool:
    try:
        return package.sheet(name).scanned is not None
    except Unreadable:
        return False


def whole() -> Iterator[tuple[str, bytes]]:
    """Yield the workbooks of the corpora by a name: good ones as they are, and all that are odd."""
    for path in FILES:
        yield path.name, path.read_bytes()
    for edition in EDITIONS:
        yield f"kit {edition}", workbook_of(sound(edition))
        yield f"openpyxl {edition}", saved(edited(sound(edition)))
        yield f"blank {edition}", blank_of(edition)
    yield from ((name, data) for name, (data, _) in REFUSED.items())
    yield from ((name, make()) for name, make in FAR_CELLS.items())


_SHEET = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")
_LAST_ROWS = re.compile(rb'<row r="[3-9][0-9]".*(?=</sheetData>)', re.DOTALL)


@cache
def seeds() -> tuple[dict[str, bytes], ...]:
    """Return the parts of good workbooks, without what makes them large and is not read."""
    found = []
    for name, data in whole():
        if name.endswith(".xlsx") or name.startswith(("kit", "openpyxl")):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = {part: archive.read(part) for part in archive.namelist()}
            for part, content in parts.items():
                if _SHEET.fullmatch(part):
                    parts[part] = _LAST_ROWS.sub(b"", without_rules(content))
            found.append(parts)
    return tuple(found)


_TOKEN = re.compile(rb"<[^<>]*>|[^<>\s\"=:,]+|[\s\"=:,]")
_WORDS = r"""0 -1 1 7 5.5 .5 5. +5 1e400
1E5 1e5 007 12345678901234567890 1_000 nan inf 1,234 # A1 D6 XFD1 a1 t="s" t="str"
t="b" t="e" t="n" t="d" t="inlineStr" s="3" s="19" s="007" s="999" r="A1" r="D6" r="AA6" hidden="1" ht="0" <v>
</v> <v/> <v></v> <f> </f> <f/> <c> </c> <c/> <is><t>x</t></is> <row> </row> </sheetData> <sheetData> &#49;
&lt; & &x; <!-- --> <![CDATA[x]]> <?x?> <t> </t> <t/> <si> </si> <si/> <r> </r> <rPr> <rPh> </rPh>
<phoneticPr/> _x0041_ _x000D_ xml:space="preserve" #N/A #REF! [1]A!A1 | WEBSERVICE( <x:c> xmlns:x="y"
<dimension/> <mergeCell/> <cols> yyyy mm "a" \d <numFmt/> <xf/> </styleSheet> </workbook> </worksheet> </sst>
<sheet/> state="hidden" state="x" TargetMode="External" <?xml ' > < = " 中 ３ ² ①
""".split()  # noqa: SIM905 - a list of words reads best as one
_LONGER = (
    b'<c r="A1"><v>1</v></c>', b'<c r="H40" s="3"><v>1</v></c>', b'<row r="41"/>', b'<row r="42" ht="9"/>',
    b'<c r="B2" t="str"><v> a</v></c>', b'<c r="B3" t="b"><v>1</v></c>', b'<c r="B2" t="e"><v>#N/A</v></c>',
    b" ", b"\t", b"\n", b"\r\n", b"\r", b"\0", b"\x01", b"\xff", b"\xef\xbb\xbf",
    "\u3000".encode(), "\u00a0".encode(), "\u2028".encode(),
)  # fmt: skip
WORDS = (*(word.encode() for word in _WORDS), *_LONGER)

AROUND = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels")


def mutant(random: Random) -> tuple[bytes, set[str]]:
    """Return a workbook in which a few things are otherwise, and which of its sheets may be read otherwise."""
    parts = dict(random.choice(seeds()))
    sheets = [name for name in parts if _SHEET.fullmatch(name)]
    around = [part for part in AROUND if part in parts]
    touched = [random.choice(sheets if random.random() < 0.7 else around) for _ in range(random.choice((1, 1, 1, 2)))]
    for name in touched:
        parts[name] = _edited(parts[name], random)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    data = stream.getvalue()
    if random.random() < 0.1:
        data = _bytes_changed(data, random, data.rfind(b"PK\x01\x02", 0, data.find(b"PK\x01\x02") + 4))
    ordered = sorted(sheets, key=lambda name: int(_SHEET.fullmatch(name)[1]))  # type: ignore[index]
    names = re.findall(r'<sheet name="([^"]*)"', parts["xl/workbook.xml"].decode("utf-8", "replace"))
    wanted = {names[ordered.index(name)] for name in touched if name in sheets and ordered.index(name) < len(names)}
    return data, wanted or set(random.sample(names, min(2, len(names))))


def _edited(data: bytes, random: Random) -> bytes:
    """Change bytes, or runs of tokens: dropped, doubled, replaced by a word or by another run."""
    if not data:
        return data
    if random.random() < 0.2:
        return _bytes_changed(data, random, 0)
    spans = [found.span() for found in _TOKEN.finditer(data)]
    for _ in range(random.choice((1, 1, 1, 2, 3)) if spans else 0):
        (start, end), (first, last) = _run(spans, random), _run(spans, random)
        token, other, word = data[start:end], data[first:last], random.choice(WORDS)
        new = (b"", token + token, other, token + other, word, token + word, word + token, token[: len(token) // 2])
        data = data[:start] + random.choice(new) + data[end:]
    return data


def _run(spans: list[tuple[int, int]], random: Random) -> tuple[int, int]:
    first = random.randrange(len(spans))
    return spans[first][0], spans[min(first + random.choice((0, 0, 0, 1, 2, 4, 8, 16)), len(spans) - 1)][1]


def _bytes_changed(data: bytes, random: Random, first: int) -> bytes:
    """Change some bytes behind the first, a bit or all of each."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4))):
        at = random.randrange(max(first, 0), len(changed))
        changed[at] = random.choice((changed[at] ^ (1 << random.randrange(8)), random.randrange(256)))
    return bytes(changed)


_CHUNK = 1000


def compare(count: int, seed: str, report: Callable[[int, bytes, list[str]], None]) -> tuple[int, int]:
    """Compare mutants; return how many sheets of them were taken in one pass, and how many workbooks differ."""
    random, scanned, different = Random(seed), 0, 0  # noqa: S311
    for number in range(count):
        data, wanted = mutant(random)
        names, some = differ(data, wanted)
        scanned += some
        if names:
            different += 1
            report(number, data, names)
    return scanned, different


def main(count: str, seed: str = "0") -> int:
    """Compare so many mutants, and write down those that are read in two ways."""

    def keep(_: int, data: bytes, names: list[str]) -> None:
        path = Path(f"one-pass-{hashlib.sha256(data).hexdigest()[:8]}.xlsx")
        path.write_bytes(data)
        print(path, names, flush=True)  # noqa: T201

    scanned = different = 0
    for start in range(0, int(count), _CHUNK):
        some, others = compare(min(_CHUNK, int(count) - start), f"{seed} {start}", keep)
        scanned, different, done = scanned + some, different + others, min(start + _CHUNK, int(count))
        print(f"{done} mutants, {scanned} sheets taken in one pass, {different} read in two ways", flush=True)  # noqa: T201
    return int(different > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
