"""Why a report that was filed for many units differs from the sum of their own: which unit, which version, which cell.

Pure: it is given vectors of cells and knows no store.
"""

from workbook.collect.explain.locate import explain
from workbook.collect.explain.model import CellFault, Contributor, Explanation, Move, Vector

__all__ = ["CellFault", "Contributor", "Explanation", "Move", "Vector", "explain"]
