"""Mutates a file where its reader looks: the parts of an archive with right checksums, tokens of markup, bytes."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

import atheris

_PARSED = re.compile(r"xl/(workbook\.xml|_rels/.*|sharedStrings\.xml|styles\.xml|worksheets/sheet[1-6]\.xml)"
                     r"|word/(document|styles|numbering)\.xml|.*\.rels|\[Content_Types\]\.xml")  # fmt: skip
_TOKEN = re.compile(rb"<[^<>]*>|[^<>\s\"=:,]+|[\s\"=:,]")
_WORDS = """0 -1 1e400 1e15 12345678901234567890 0x1F 1_000 007 .5 5. +5 1,234 1，234 ３ ² ① ٣ nan inf TRUE #N/A null
t="s" t="str" t="b" t="e" t="d" t="inlineStr" s="3" r="A1" r="D6" r="XFD1048576" rowspan=3 colspan=2 rowspan=0 / - — 无
<v> </v> <v/> <f> </f> <c> </c> <is><t> </t></is> <row> </row> <sheetData> </sheetData> &#49; &lt; &amp;#49; <!-- -->
<![CDATA[ ]]> <?x ?> <table> </table> <tr> </tr> <td> </td> <th> <br> <p> </p> <div hidden> <script> <pre> </pre>
<w:p/> <w:tbl> </w:tbl> <w:tr> </w:tr> <w:tc> </w:tc> <w:vMerge/> <w:gridSpan w:val="3"/> <w:gridBefore w:val="9"/>
<w:del> </w:del> <w:ins> <w:sdt> | │ ── \\| ： ， 万元 元 亿元 件 （ ） 年 {} [] "" true 1.0 -0.0 2021 2024 总计 合计
obj endobj stream endstream /Length /Filter /FlateDecode /Kids /Count /Parent q Q BT ET Tj re f cm Do Tf""".split()  # noqa: SIM905 - a list of words reads best as one
WORDS = [*(word.encode() for word in _WORDS), b"\t", b"\n", b"\r\n", b"\n\n", b" ", b"\0", b"\xff", "\u3000".encode()]


def mutated(data: bytes, size: int, seed: int) -> bytes:
    """Return a file in which a few things are otherwise."""
    random = Random(seed)  # noqa: S311
    if data.startswith(b"PK") and random.random() < 0.9:
        try:
            data = _rezipped(data, random)
        except Exception:  # noqa: BLE001 - no archive any more
            return bytes(atheris.Mutate(data, size))
        return data[:size]
    return _edited(data, random, size)


def _rezipped(data: bytes, random: Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    wanted = [name for name in parts if _PARSED.fullmatch(name)] if random.random() < 0.95 else list(parts)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        name = random.choice(wanted)
        parts[name] = _edited(parts[name], random, len(parts[name]) + 1000)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _edited(data: bytes, random: Random, size: int) -> bytes:
    """Change bytes, or runs of tokens: dropped, doubled, replaced by a word or by another run."""
    if random.random() < 0.25 or not data:
        return bytes(atheris.Mutate(data, max(size, 1)))
    spans = [found.span() for found in _TOKEN.finditer(data)]
    for _ in range(random.choice((1, 1, 2, 4)) if spans else 0):
        run, other = _run(data, spans, random), _run(data, spans, random)
        start, end = run
        token, word = data[start:end], random.choice(WORDS)
        copied = data[slice(*other)]
        new = random.choice(
            (b"", token + token, copied, token + copied, word, token + word, word + token, token[: len(token) // 2])
        )
        data = data[:start] + new + data[end:]
    return data[:size]


def _run(data: bytes, spans: list[tuple[int, int]], random: Random) -> tuple[int, int]:
    """Return where a few tokens stand: one mostly, sometimes whole elements."""
    first = random.randrange(len(spans))
    last = min(first + random.choice((0, 0, 0, 1, 2, 4, 8, 16, 40)), len(spans) - 1)
    return min(spans[first][0], len(data)), min(spans[last][1], len(data))
