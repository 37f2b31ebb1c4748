"""What an assistant may ask: reading, deriving, comparing, checking, generating, verifying, by the protocol MCP."""
