"""What is seen: the only folder, with app.py, that imports Qt."""
