"""Engines that let xlwings work on Linux: LibreOffice over UNO, and openpyxl."""
