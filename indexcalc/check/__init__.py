"""The old name of `audit.reports.plugin`, for environments that were installed before it was renamed."""
