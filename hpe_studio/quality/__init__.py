"""What is wrong with the motion: one detector per file, findings for people."""
