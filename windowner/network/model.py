"""The window network by hand: the forward pass and the backward pass.

    Forward                                              Backward, given dz2 = dJ/dz2
    X   = [E_1[F[:,1]] ... E_k[F[:,k]]]  (R, D)
    X~  = X * input mask                 (R, D)          dU   = h~.T @ dz2 + l2*U              (H, K)
    P   = X~ @ W                         (R, C*H)        db2  = sum_N dz2                      (K,)
    z1  = S @ P + b1                     (N, H)          dz1  = (dz2 @ U.T) * hidden mask * f'(z1)
    h   = f(z1)                          (N, H)          db1  = sum_N dz1                      (H,)
    h~  = h * hidden mask                (N, H)          dP   = S.T @ dz1                      (R, C*H)
    z2  = h~ @ U + b2                    (N, K)          dW   = X~.T @ dP + l2*W               (D, C*H)
                                                         dX   = (dP @ W.T) * input mask        (R, D)
                                                         dE_j = rows of dX's j-th slice, summed by F[:, j]

There are N windows, R distinct forms, C words per window, D numbers per form, H hidden units and K tags. The module
`inputs.batches` explains F and S. `S @ P` sees P as (R*C, H), one row per form and position.

W is kept as (D, C, H), so that the C products X @ W[:, c] are one product. Row r of P, seen as (C, H), holds what form
r adds to a window at each position c. The lecture computes the same sum as x W, window by window, with
x = [x_-2 ... x_2].

A network that reads characters has D_c further columns X_c in X, from a form's characters (`network.characters`).

A network that reads documents has a second output layer beside U and b2 (`network.document`). The logits of both heads
stand one above the other, (2N, K), and both heads send their gradients into dh~.

The gradients are those of J + l2/2 (|W|^2 + |U|^2), where U is that of every head. Biases, tables, the convolution of
characters and the chain are not regularised. A mask holds 0 for an entry that is dropped, and 1 / (1 - rate) for the
others. So the mean of an entry stays the same. A mask of None drops nothing.

Source: Collobert et al., "Natural Language Processing (Almost) from Scratch", JMLR 12, 2011, section 3.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from windowner.arrays import Array, Ids
from windowner.inputs.batches import Batch
from windowner.inputs.incidence import Incidence
from windowner.network.activations import NO_MASKS, Activations, Masks
from windowner.network.blocks import Gradients
from windowner.network.chain.entity_ratio import entity_ratio_loss
from windowner.network.chain.scores import Chain
from windowner.network.chain.sentence_loss import sentence_loss
from windowner.network.characters import Convolved
from windowner.network.losses import cross_entropy
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.parameters import NetworkParameters


@dataclass(frozen=True)
class WindowNetwork(NetworkParameters):
    """A two-layer softmax network over windows of words. `NetworkParameters` describes its parameters."""

    def embed(self, F: Ids) -> Array:
        """Return X, (R, D): the table rows of each form, and the numbers from its characters, side by side."""
        return self._embed(F, self._convolve(F))

    def project(self, X: Array, out: Array | None = None) -> Array:
        """Return P, (R, C*H): what each form adds to the hidden layer at each position of a window."""
        P: Array = np.matmul(X, self.W.reshape(len(self.W), -1), out=out)
        return P

    def preactivations(self, X: Array, S: Incidence) -> Array:
        """Return z1, (N, H), of windows with the incidence S: S @ P + b1."""
        return S.plus_product(self.b1, self.project(X).reshape(-1, len(self.b1)))

    def hidden(self, z1: Array) -> Array:
        """Return h, (N, H), without dropout."""
        return NONLINEARITIES[self.nonlinearity].value(z1)

    def forward(self, batch: Batch, masks: Masks = NO_MASKS) -> Activations:
        """Return the activations of a batch. They include the logits z2."""
        characters = self._convolve(batch.F)
        X = _masked(self._embed(batch.F, characters), masks.input)
        z1 = self.preactivations(X, batch.S)
        h = NONLINEARITIES[self.nonlinearity].value(z1)
        h_masked = _masked(h, masks.hidden)
        z2 = h_masked @ self.U
        z2 += self.b2
        if self.document is not None and batch.A is not None:
            z2 = np.concatenate([z2, self.document.forward(h_masked, batch.A)])
        return Activations(X, z1, h, z2, characters)

    def backward(self, batch: Batch, forward: Activations, dz2: Array, l2: float, masks: Masks = NO_MASKS) -> Gradients:
        """Return the gradient of every parameter but the chain. The gradients of tables are `RowGradient`s.

        Parameters
        ----------
        batch
            The batch.
        forward
            What `forward` returned for this batch and these masks.
        dz2
            dJ/dz2, (N, K), or (2N, K) of both heads.
        l2
            Strength of the L2 penalty.
        masks
            The dropout masks of the forward pass.
        """
        D, C, H = self.W.shape
        h_masked = _masked(forward.h, masks.hidden)
        head: Gradients = {}
        dh = dz2[: len(batch)] @ self.U.T
        if self.document is not None and batch.A is not None:
            dh_document, head = self.document.backward(h_masked, batch.A, dz2[len(batch) :], l2)
            dh += dh_document
            dz2 = dz2[: len(batch)]
        dU = h_masked.T @ dz2
        dz1 = _masked(dh, masks.hidden)
        dz1 *= NONLINEARITIES[self.nonlinearity].derivative(forward.z1, forward.h)
        dP = (batch.S.T @ dz1).reshape(-1, C * H)
        dW = (forward.X.T @ dP).reshape(D, C, H)
        if l2:
            dU += l2 * self.U
            dW += l2 * self.W
        dX = partial(self._form_gradient, dP, masks.input)
        below: Gradients = {**self.embedding.gradients(batch.F, dX)}
        if self.characters is not None and forward.characters is not None:
            dX_c = dX(slice(None), slice(self.table_columns, None))
            below |= self.characters.backward(forward.characters, dX_c)
        return {**below, "W": dW, "b1": np.add.reduce(dz1), "U": dU, "b2": np.add.reduce(dz2), **head}

    def loss(self, batch: Batch, l2: float = 0.0, masks: Masks = NO_MASKS) -> tuple[float, Gradients]:
        """Return the loss of a batch with tags, with the L2 penalty, and the gradients of all parameters."""
        forward = self.forward(batch, masks)
        J, dz2, dchain = self.loss_of_logits(forward.z2, batch)
        return J + self.penalty(l2), {**self.backward(batch, forward, dz2, l2, masks), **dchain}

    def objective(self, batch: Batch, l2: float = 0.0, masks: Masks = NO_MASKS) -> float:
        """Return the loss of a batch with tags, with the L2 penalty, without gradients."""
        return self.loss_of_logits(self.forward(batch, masks).z2, batch)[0] + self.penalty(l2)

    def loss_of_logits(self, z2: Array, batch: Batch) -> tuple[float, Array, Gradients]:
        """Return J and dz2 for a batch's logits z2, and the gradients of the chain (none without a chain).

        For the logits of two heads, (2N, K), J is the mean of their losses.
        """
        if batch.y is None:
            raise ValueError("the batch has no tags")
        y, offsets, soft = batch.y, batch.offsets, batch.soft
        if len(z2) > len(batch):  # the loss of the batch, written twice
            y, offsets = np.concatenate([y, y]), np.concatenate([offsets, offsets[1:] + len(batch)])
            soft = None if soft is None else soft.repeated(2)
        chain = self.chain or Chain.zeros(z2.shape[1])  # without a chain, words are independent
        if self.chain is None:
            (J, dz2), dchain = cross_entropy(z2, y, soft, batch.sets), chain
        else:
            J, dz2, dchain = sentence_loss(z2, y, offsets, chain, soft, batch.sets)
        if batch.prior is not None:
            J_r, dz_r, dchain_r = entity_ratio_loss(z2, y, offsets, chain, batch.prior)
            J, dz2, dchain = J + J_r, dz2 + dz_r, dchain.plus(dchain_r)
        return J, dz2, {} if self.chain is None else dict(dchain.parameters)

    def penalty(self, l2: float) -> float:
        """Return the L2 penalty, l2/2 (|W|^2 + |U|^2). U is that of every head."""
        if not l2:
            return 0.0
        head = 0.0 if self.document is None else self.document.squared_norm()
        return l2 / 2 * (float(np.vdot(self.W, self.W) + np.vdot(self.U, self.U)) + head)

    def _convolve(self, F: Ids) -> Convolved | None:
        """Return X_c, (R, D_c), with what its backward pass needs. None if no characters are read."""
        return None if self.characters is None else self.characters.forward(F[:, len(self.tables) :])

    def _embed(self, F: Ids, characters: Convolved | None) -> Array:
        X = self.embedding.look_up(F)
        return X if characters is None else np.concatenate([X, characters.X], axis=1)

    def _form_gradient(self, dP: Array, mask: Array | None, forms: Any, columns: slice) -> Array:
        """Return dX of some forms and some columns, where `mask` is the input mask."""
        W = self.W[columns]
        dX: Array = dP[forms] @ W.reshape(len(W), dP.shape[1]).T
        if mask is not None:
            dX *= mask[forms, columns]
        return dX


def _masked(values: Array, mask: Array | None) -> Array:
    return values if mask is None else values * mask
