"""The report itself, in every form that is asked for."""

GENERATOR = "nianbao report"
"""What published files say of who made them, so that a folder knows them for results of the kit."""
