"""The comparison with ground truth in the window: numbers, drawing, panels."""
