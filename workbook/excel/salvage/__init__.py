"""What is left of a damaged workbook."""
