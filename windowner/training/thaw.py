"""The thaw: pretrained vectors that are frozen for the first steps, and fine-tuned from then on.

    rows(x) = before_thaw if x < train.thaw else trainable     first rows of a table that a step may move, at progress x

So the thaw changes the one number in which frozen and fine-tuned differ. Before it, the gradient of a table has no rows
from `before_thaw` on. The optimizer moves no other rows than the gradient has, so the state of these rows starts at the
thaw.
"""

from dataclasses import replace

from windowner.network.model import WindowNetwork


def before_thaw(network: WindowNetwork) -> WindowNetwork:
    """Return the network with the rows that training may move before the thaw. It shares all parameters."""
    if all(table.before_thaw is None for table in network.tables):
        return network
    tables = [
        table if table.before_thaw is None else replace(table, trainable=table.before_thaw) for table in network.tables
    ]
    return replace(network, tables=tables)
