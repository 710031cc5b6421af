"""What is left of a comparison for others to read: HTML, JSON, CSV, LaTeX."""
