"""What looks odd among the reports of many units (异常提示): warnings, never errors, and nothing is decided by them.

``Collection.odd`` makes it, a pure function of the store at a moment; ``look`` knows no store.
"""
