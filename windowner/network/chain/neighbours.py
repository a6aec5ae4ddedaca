"""What the neighbours of a word say about its tag: the logarithms of the messages from both sides.

    log P(y_t = k)  =  z_t[k] + left_t[k] + right_t[k] + constant

    left_1  = start        left_t[j]  = log sum_i exp(left_t-1[i] + z_t-1[i] + transition[i, j])
    right_T = end          right_t[i] = log sum_j exp(transition[i, j] + z_t+1[j] + right_t+1[j])

So the difference of two tags' log P is the difference of their logits, and of what comes from the left and from the
right. With the names of `messages`, left_t is log (a_t-1 @ A), and right_t is log b_t, each up to a constant.
"""

import numpy as np

from windowner.arrays import Array
from windowner.network.chain.messages import Steps, send_messages
from windowner.network.chain.scores import Chain


def neighbour_scores(z: Array, word: int, chain: Chain) -> tuple[Array, Array]:
    """Return left_t and right_t, (K,) each, of one word of one sentence. Each is known up to a constant.

    Parameters
    ----------
    z
        Logits of the sentence, (T, K).
    word
        The word t, from 0.
    chain
        Scores of neighbouring tags.
    """
    messages = send_messages(z, Steps.from_offsets(np.array([0, len(z)])), chain)
    left = chain.start if word == 0 else np.log(messages.a[word - 1] @ messages.A)
    return left, np.log(messages.b[word])
