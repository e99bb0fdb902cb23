"""A plain Word document: a title, paragraphs, tables; for letters, on the page of official documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.publish.blocks import Heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def document(
    title: str,
    paragraphs: Iterable[str],
    tables: Iterable[Sequence[Sequence[str]]] = (),
    closing: Iterable[str] = (),
    *,
    addressed: str = "",
) -> bytes:
    """Return a letter as a Word document; the same content gives the same bytes.

    Args:
        title: its title, of one line or several, also among its properties.
        paragraphs: the texts behind it, each a paragraph; line feeds begin new lines.
        tables: tables behind these, each as rows of texts of which the first is the head; rows have equal lengths.
        closing: what stands behind all on the right: who writes, and when.
        addressed: to whom it is written, flush left above the texts.
    """
    return composed(title, [*paragraphs, *tables], closing, addressed=addressed)


def composed(
    title: str,
    parts: Iterable[str | Heading | Sequence[Sequence[str]]],
    closing: Iterable[str] = (),
    keywords: str = "",
    addressed: str = "",
) -> bytes:
    """Return a plain document whose paragraphs, headings and tables stand in any order; otherwise as ``document``.

    ``keywords`` stand among its properties.
    """
    from workbook.publish.word import styles as s
    from workbook.publish.word.markup import UNINDENTED, paragraph, plain_table, run
    from workbook.publish.word.package import TITLE_LIMIT, append, new_document, to_bytes
    from workbook.publish.word.sheet import set_sheet

    made, names = new_document()
    set_sheet(made, names)
    made.core_properties.title = " ".join(title.split("\n"))[:TITLE_LIMIT]
    made.core_properties.keywords = keywords
    append(made, paragraph(names[s.TITLE], run(title)))
    if addressed:
        append(made, paragraph(names[s.BODY], run(addressed), UNINDENTED))
    for part in parts:
        if isinstance(part, str):
            append(made, paragraph(names[s.BODY], run(part)))
        elif isinstance(part, Heading):
            append(made, paragraph(names[s.HEADINGS[part.level]], run(part.text)))
        elif part:
            append(made, plain_table(part, names), paragraph(names[s.GAP], ""))
    for at, text in enumerate(closing):
        append(made, paragraph(names[s.DATE if at else s.SIGNATURE], run(text)))
    return to_bytes(made)
