"""Published files as blocks: web pages, Word documents, PDF, CSV, plain text. No form is known here."""
