"""Scripts: what is imported, how it is read, and the material to try it with."""
