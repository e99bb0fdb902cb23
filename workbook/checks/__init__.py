"""What is wrong with a report: its cells, its rules, last year's report, its text. No file formats."""

from workbook.checks.convert import convert_edition, with_zeros
from workbook.checks.locate import locate
from workbook.checks.run import check, is_sound

__all__ = ["check", "convert_edition", "is_sound", "locate", "with_zeros"]
