"""What this room does when it hears a fact of an earlier room."""
