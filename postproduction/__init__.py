"""Post-production: pipelines, tasks, cuts, review notes and masters."""
