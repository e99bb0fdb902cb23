"""Why a report that was filed for many units differs from the sum of their own: which unit, which version, which cell.

Pure: it is given vectors of cells and knows no store. See ``explain``.
"""
