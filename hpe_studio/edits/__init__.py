"""One function per thing a person can do to the document."""
