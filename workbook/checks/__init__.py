"""What is wrong with a report: its cells, its rules, last year's report, its text. No file formats."""

from workbook.checks.convert import carried_to, zeroed
from workbook.checks.locate import locate
from workbook.checks.run import check, is_sound

__all__ = ["carried_to", "check", "is_sound", "locate", "zeroed"]
