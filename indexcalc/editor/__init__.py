"""What an editor asks of a document while it is written; `server` speaks the language server protocol."""
