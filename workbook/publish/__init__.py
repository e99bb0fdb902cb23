"""The report itself, in every form that is asked for; the package can be called: ``workbook.publish(report)``.

The verb and the room have one name. A function of that name at the door would hide the package once a module of it is
imported, or be hidden by it, depending on which comes first. So the package is the function: the class of a module may
be replaced (Python's data model, "Customizing module attribute access"), here by one that has ``__call__``.

>>> import workbook
>>> report = workbook.read("examples/linan-2020.xlsx")
>>> files = workbook.publish(report, forms=("page", "text"), date="2021-01-20")
>>> list(files)
['杭州市临安区人民政府2020年政府信息公开工作年度报告.html', '杭州市临安区人民政府2020年政府信息公开工作年度报告.txt']
>>> workbook.publish(report.with_cells({"applications.received.natural": 12}))  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
workbook.publish.door.NotPublished: ...
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from workbook.report import Report


class _Publish(ModuleType):
    """This package, which can be called."""

    def __call__(
        self,
        report: Report,
        forms: Iterable[str] | str | None = None,
        *,
        previous: Report | None = None,
        draft: bool = False,
        date: dt.date | str | None = None,
        base: Path | str | bytes | None = None,
        style: Path | str | bytes | None = None,
        behind: Iterable[str] = (),
    ) -> dict[str, bytes]:
        """Return what is published of a report: the content of each file by its name; nothing is written.

        The names are ``<office><year>年政府信息公开工作年度报告`` and an ending, safe on every system.

        Args:
            report: the report.
            forms: some of ``word``, ``page``, ``fragment``, ``text``, ``pdf``, ``data``, ``charts``, ``proof``, or
                ``"all"``; the first four where none is named.
            previous: last year's report, against which this one is checked, and whose numbers stand in data and charts.
            draft: publish it with its errors; every page then says 草稿. Of a sound report too.
            date: the day under the name of the office: a date, or a text such as ``2026-01-20``.
            base: the office's own Word document (底稿), as its file or its bytes.
            style: the office's own style sheet for the page, likewise.
            behind: what is put behind the signature: ``last-year`` (the tables of both years), ``charts``, or both.

        Raises:
            NotPublished: the report has errors and ``draft`` is not given, or a form cannot be made; its ``findings``
                say why.
            Unreadable: ``base`` or ``style`` is no file that can be read.
            ValueError: there is no such form, day or thing behind, or last year's report is missing.
        """
        from workbook.publish.door import publish as made

        return made(report, forms, previous=previous, draft=draft, date=date, base=base, style=style, behind=behind)


publish = cast("_Publish", sys.modules[__name__])
"""This package under the name of its verb, as the public door offers it."""
publish.__class__ = _Publish
