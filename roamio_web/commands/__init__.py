"""The subcommands of ``roamio``, one module each."""
