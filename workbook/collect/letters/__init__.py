"""What goes back to units: a 退回单 with every mistake of a report, a 催报单 for a report that did not come."""

from workbook.collect.letters.write import letters, write_letters

__all__ = ["letters", "write_letters"]
