"""The commands by name."""

from indexcalc.cli import (
    assisting,
    checking,
    completing,
    deriving,
    editing,
    generating,
    lifting,
    pullbacks,
    serving,
    showing,
    verifying,
)

COMMANDS = {
    "derive": deriving.COMMAND,
    "generate": generating.COMMAND,
    "verify": verifying.COMMAND,
    "check": checking.COMMAND,
    "lift": lifting.COMMAND,
    "vjp": pullbacks.COMMAND,
    "show": showing.COMMAND,
    "serve": serving.COMMAND,
    "lsp": editing.COMMAND,
    "mcp": assisting.COMMAND,
    "completion": completing.COMMAND,
}
