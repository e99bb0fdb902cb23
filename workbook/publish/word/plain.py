"""A plain Word document: a title, paragraphs, tables; for letters, on the page of official documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from workbook.publish.word import styles as s
    from workbook.publish.word.markup import UNINDENTED, paragraph, plain_table, run
    from workbook.publish.word.package import TITLE_LIMIT, append, new_document, to_bytes
    from workbook.publish.word.sheet import set_sheet

    made, names = new_document()
    set_sheet(made, names)
    made.core_properties.title = " ".join(title.split("\n"))[:TITLE_LIMIT]
    append(made, paragraph(names[s.TITLE], run(title)))
    if addressed:
        append(made, paragraph(names[s.BODY], run(addressed), UNINDENTED))
    append(made, *(paragraph(names[s.BODY], run(text)) for text in paragraphs))
    for rows in tables:
        if rows:
            append(made, plain_table(rows, names), paragraph(names[s.GAP], ""))
    for at, text in enumerate(closing):
        append(made, paragraph(names[s.DATE if at else s.SIGNATURE], run(text)))
    return to_bytes(made)
