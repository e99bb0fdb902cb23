"""Room 4: inside Excel. Ribbon macros and functions on the workbook that is open; all judging is ``workbook``'s."""
