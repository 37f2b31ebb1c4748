"""Special functions that libraries lack, as source."""
