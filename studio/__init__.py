"""Ground floor of the house and Django project package."""
