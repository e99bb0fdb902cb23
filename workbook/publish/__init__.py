"""The report itself, in every form that is asked for."""
