"""How far results are from the truth: the field's metrics on arrays of joints."""
