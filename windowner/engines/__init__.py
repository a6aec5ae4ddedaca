"""Where work is done: functions mapped over items by processes of this machine, or by a Ray cluster."""
