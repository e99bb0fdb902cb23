r"""年报工具箱: fill, check and convert the annual report on government information disclosure.

>>> import workbook
>>> report = workbook.read("examples/linan-2020.xlsx")
>>> [finding.code for finding in workbook.check(report)]  # its text tells two things that its tables do not
['text.contradicts', 'text.contradicts']
>>> workbook.to_json(report)[:2]
b'{\n'

Every command of ``nianbao`` is a few calls of these names. Wrong data is a ``Finding``; a file that cannot be read as a
report raises ``Unreadable``, whose ``findings`` say why; a wrong definition of the form raises ``FormError``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.checks import check
    from workbook.checks.run import is_sound
    from workbook.definition import FormError
    from workbook.document.document import from_document, from_json, to_document, to_json
    from workbook.document.schema import finding_schema, report_schema
    from workbook.document.validate import is_valid, schema_errors
    from workbook.excel.mark import mark
    from workbook.excel.template.build import template, write
    from workbook.files import parse, read
    from workbook.form import Form, load_form
    from workbook.report import Body, Finding, Place, Report, Source, Unreadable, Waiver, blank
    from workbook.resources import editions

__version__ = "0.1.0"

_HOMES = {
    "workbook.form": "Form FormError load_form",
    "workbook.report": "Body Finding Place Report Source Unreadable Waiver blank",
    "workbook.checks": "check is_sound",
    "workbook.document.validate": "is_valid schema_errors",
    "workbook.document.schema": "finding_schema report_schema",
    "workbook.document.document": "from_document from_json to_document to_json",
    "workbook.excel.template.build": "template write",
    "workbook.excel.mark": "mark",
    "workbook.files": "parse read",
    "workbook.resources": "editions",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Body",
    "Finding",
    "Form",
    "FormError",
    "Place",
    "Report",
    "Source",
    "Unreadable",
    "Waiver",
    "blank",
    "check",
    "editions",
    "finding_schema",
    "from_document",
    "from_json",
    "is_sound",
    "is_valid",
    "load_form",
    "mark",
    "parse",
    "read",
    "report_schema",
    "schema_errors",
    "template",
    "to_document",
    "to_json",
    "write",
]


def __getattr__(name: str) -> Any:
    """Load a public name where it is first used, so that importing the package costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'workbook' has no attribute {name!r}")
    thing = globals()[name] = getattr(import_module(_HOME[name]), name)
    return thing


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
