"""Spreadsheets: python-calamine reads, XlsxWriter makes, openpyxl edits a user's own file."""
