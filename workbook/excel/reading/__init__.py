"""Workbooks read: vetted, parsed as they are asked, found by position or by label."""
