"""What every file must pass before it is parsed, and readers in a process of their own."""
