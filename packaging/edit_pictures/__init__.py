"""Pictures of the page of edits: each is made by the real edit in the real window."""
