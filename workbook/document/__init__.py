"""A report as JSON: in and out, its schema, and the gate that both pass."""
