"""Pure mathematics on arrays: rotations, kinematics, fitting, filters."""
