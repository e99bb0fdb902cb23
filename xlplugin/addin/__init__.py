"""The add-in, built, installed and diagnosed; nothing here runs inside Excel."""
