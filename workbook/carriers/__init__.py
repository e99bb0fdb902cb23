"""Room 6: turns published files into blocks, whatever they say: web pages, Word documents, PDF, plain text."""

from workbook.carriers.choose import read

__all__ = ["read"]
