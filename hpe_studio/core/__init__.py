"""What is edited: the document, its parts and its history; no Qt, no files."""
