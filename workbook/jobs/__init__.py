"""One job a file, many files among worker processes, where each output goes, last year's reports."""
