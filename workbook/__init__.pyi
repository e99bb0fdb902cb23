# The public names, each with the module that has it: the one list of them, which type checkers read too.

from .checks import check as check
from .checks.run import is_sound as is_sound
from .definition import FormError as FormError
from .document.document import from_document as from_document
from .document.document import from_json as from_json
from .document.document import to_document as to_document
from .document.document import to_json as to_json
from .document.schema import finding_schema as finding_schema
from .document.schema import report_schema as report_schema
from .document.validate import is_valid as is_valid
from .document.validate import schema_errors as schema_errors
from .excel.mark import mark as mark
from .excel.template.build import template as template
from .excel.template.build import write as write
from .files import parse as parse
from .files import read as read
from .form import Form as Form
from .form import load_form as load_form
from .publish import publish as publish
from .publish.door import NotPublished as NotPublished
from .report import Body as Body
from .report import Finding as Finding
from .report import Origin as Origin
from .report import Place as Place
from .report import Report as Report
from .report import Source as Source
from .report import Unreadable as Unreadable
from .report import Waiver as Waiver
from .report import blank as blank
from .report.compare import compare as compare
from .resources import editions as editions

__version__: str
