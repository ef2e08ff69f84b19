"""Daily reports, time sheets, hours and rest."""
