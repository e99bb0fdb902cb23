"""Inside Excel: ribbon macros and functions on the workbook that is open; all judging is ``workbook``'s."""
