"""The outline of formulas: equations, their relations and sides."""
