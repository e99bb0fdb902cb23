"""Changes a few parts of a workbook and copies all others as they are: nothing that is not understood is lost."""
