"""SMPL-format bodies: loading, skinning, landmarks."""
