"""What changes in delivery."""

from delivery.actions.packages import attach_masters, edit_package, inspect_package, open_package, override_finding
from delivery.actions.platforms import install_default_platforms
from delivery.actions.sending import send_package
from delivery.actions.verdicts import collect_verdicts, go_live, receive_verdict, take_down

__all__ = [
    "attach_masters", "collect_verdicts", "edit_package", "go_live", "inspect_package", "install_default_platforms",
    "open_package", "override_finding", "receive_verdict", "send_package", "take_down",
]  # fmt: skip
