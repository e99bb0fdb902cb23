"""What cells are called outside their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.form import Form


def heading(form: Form, table: str) -> str:
    """Return the title of a table behind the heading of its section, where that is not the same."""
    section, title = form.section_of[table].heading, form.table(table).title
    return section if section.endswith(title) else f"{section} {title}"
