"""The standard workbook, made with XlsxWriter."""
