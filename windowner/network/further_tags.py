"""A network with more tags, which have the scores of tags that it knows.

    U'[:, k] = U[:, columns[k]]      b2'[k] = b2[columns[k]]      transition'[i, j] = transition[columns[i], columns[j]]

The document head, start and end likewise. A rule's entity of an unknown type is O for the network. So its tags have the
scores of O (`tagger.rules`).
"""

from dataclasses import replace

import numpy as np

from windowner.arrays import Indices
from windowner.network.chain.scores import Chain
from windowner.network.document import DocumentHead
from windowner.network.model import WindowNetwork


def with_further_tags(network: WindowNetwork, columns: Indices) -> WindowNetwork:
    """Return the network whose tag k has the scores of the tag `columns[k]`, (K,)."""
    chain, head = network.chain, network.document
    return replace(
        network,
        U=network.U[:, columns],
        b2=network.b2[columns],
        chain=chain and Chain(chain.transition[np.ix_(columns, columns)], chain.start[columns], chain.end[columns]),
        document=head and DocumentHead(head.own[:, columns], head.others[:, columns], head.b[columns]),
    )
