"""First pages, slate wall, notices: no models, reads through queries."""
