"""An abstract interpreter: statements and expressions over symbolic arrays, with a store for what is mutable."""
