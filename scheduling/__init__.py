"""Sets, bookings, availability, stripboards, shoot days and call sheets."""
