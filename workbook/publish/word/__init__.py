"""The report as a Word document, and letters."""
