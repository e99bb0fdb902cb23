"""What published files are called: by office and year, as every system takes it, no two of a run alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.jobs.names import fitting
from workbook.publish.signs import legible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.report import Report

_PROOF = "-校对单.html"
_ENDINGS = {
    "word": (".docx",),
    "page": (".html",),
    "fragment": ("-片段.html",),
    "text": (".txt",),
    "pdf": (".pdf",),
    "data": (".csv", "-表格.xlsx", ".json"),
    "proof": (_PROOF,),
}
FORMS = (*_ENDINGS, "charts")
"""The forms that a report is published in."""
LAST_YEAR, CHARTS = "last-year", "charts"
BEHIND = (LAST_YEAR, CHARTS)
"""What may be put behind a report on request: its tables with the numbers of two years, its charts."""
USUAL = ("word", "page", "fragment", "text")
"""Those that are made where none is named."""
ALL = "all"
"""What names every form."""


class UnknownFormError(ValueError):
    """There is no such form; ``form`` is what was asked for."""

    def __init__(self, form: str) -> None:
        super().__init__(f"no such form: {form}; there are {', '.join((*FORMS, ALL))}")
        self.form = form


def chosen(forms: Iterable[str] | str | None) -> tuple[str, ...]:
    """Return the forms that are asked for, each once; a text has them between commas.

    Raises:
        UnknownFormError: there is no such form, or none is named.

    >>> chosen(None), chosen("page, word，page"), chosen(["pdf"])
    (('word', 'page', 'fragment', 'text'), ('page', 'word'), ('pdf',))
    """
    if forms is None:
        return USUAL
    asked = forms.replace("，", ",").split(",") if isinstance(forms, str) else forms
    names = tuple(dict.fromkeys(name.strip() for name in asked if name.strip()))
    unknown = [name for name in names if name not in {*FORMS, ALL}]
    if unknown or not names:
        raise UnknownFormError(unknown[0] if unknown else str(forms))
    return FORMS if ALL in names else names


def stem_of(report: Report, file: str) -> str:
    """Return the name of a published report without its ending; ``file`` is what its input is called.

    Where office or year is not known, the input's name stands.
    """
    name = legible(report).body.name
    return f"{name}{report.year}年{report.form.title}" if name and report.year else file


def named(stem: str, form: str, charts: tuple[str, ...] = (), number: int = 1) -> tuple[str, ...]:
    """Return the names of the files of a form; ``number`` tells apart reports of one office and year.

    >>> named("甲局2025年报", "data"), named("a/b", "word", number=2)
    (('甲局2025年报.csv', '甲局2025年报-表格.xlsx', '甲局2025年报.json'), ('a_b-2.docx',))
    """
    mark = f"-{number}" if number > 1 else ""
    endings = tuple(f"-图-{chart}.svg" for chart in charts) if form == "charts" else _ENDINGS[form]
    return tuple(fitting(stem, mark + ending) for ending in endings)
