"""The figures of all units as one table, for spreadsheets and programs: wide or long, of a year or of several."""

from workbook.collect.table.choice import NoSuchCellError
from workbook.collect.table.write import Asked, csv_lines, write_table

__all__ = ["Asked", "NoSuchCellError", "csv_lines", "write_table"]
