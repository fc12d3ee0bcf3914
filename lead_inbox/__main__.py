"""`python -m lead_inbox`: the command `lead-inbox`, where its script is not installed."""

from lead_inbox.audit.command import main

main()
