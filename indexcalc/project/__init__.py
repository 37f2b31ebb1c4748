"""Documents of a project: which are checked, by what settings, what is known of them, and how it is reported."""
