"""windowner's default network in PyTorch: vectors and features of form, ReLU, dropout, a linear chain, Adam.

ways    usual   windows are numbered once, one embedding per table, and one Linear reads a flattened window; the chain
                is the masked forward algorithm in logarithms, which steps through all sentences of a batch together
        tuned   each word of a batch is embedded once, and windows are cut from the embedded words; tables of one size
                are one embedding; the chain multiplies probabilities, and scales them every few steps

In both, the gradient of word vectors is sparse (`SparseAdam`), and all else is updated by the fused Adam. Dropout is
drawn per window or per word. windowner draws it per distinct form of a batch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.peers.protocol import Handler, Result, Task, serve, timed

RADIUS = 2
C = 2 * RADIUS + 1
UNK = 1
SCALED_EVERY = 8  # steps of the tuned chain
Tensor = Any  # mypy does not read torch


@dataclass(frozen=True)
class Batch:
    """Whole sentences: table rows of windows (N, C, tables) or of a stream of words, tags, and sentence lengths."""

    rows: Tensor
    places: Tensor | None  # of each window's first word in the stream
    tags: Tensor
    lengths: Tensor


class Text:
    """The training text; see `benchmarks.peers.windowner_default.write_arrays`."""

    def __init__(self, folder: Path, tuned: bool, unk_rate: float):
        names = ("stream", "centers", "offsets", "tags", "table", "rare")
        arrays = {name: np.load(folder / f"{name}.npy") for name in names}
        self.tuned, self.unk_rate = tuned, unk_rate
        self.offsets = arrays["offsets"]
        self.rows = torch.from_numpy(arrays["table"].astype(np.int64)[arrays["stream"][arrays["centers"]]])
        self.tags = torch.from_numpy(arrays["tags"].astype(np.int64))
        self.rare = torch.from_numpy(arrays["rare"])

    def batches(self, rng: np.random.Generator, size: int) -> Iterator[Batch]:
        """Yield the batches of an epoch, in a new order of sentences: the same ones as windowner's."""
        order = rng.permutation(len(self.offsets) - 1)
        lengths = np.diff(self.offsets)[order]
        ends = np.cumsum(lengths)
        offsets = np.concatenate([[0], ends])
        tokens = np.arange(ends[-1]) + np.repeat(self.offsets[order] - (ends - lengths), lengths)
        firsts = np.arange(ends[-1]) + RADIUS * np.repeat(np.arange(len(lengths)), lengths)  # of windows in the stream
        rows = torch.zeros((len(tokens) + (len(lengths) + 1) * RADIUS, self.rows.shape[1]), dtype=torch.int64)
        rows[firsts + RADIUS] = self._dropped(self.rows[tokens])
        if not self.tuned:
            rows = rows[torch.from_numpy(firsts)[:, None] + torch.arange(C)]
        tags, all_lengths, places = self.tags[tokens], torch.from_numpy(lengths), torch.from_numpy(firsts)
        count = max(1, round(len(tokens) / size))
        edges = np.unique(np.searchsorted(offsets, np.linspace(0, len(tokens), count + 1)))
        for first, last in pairwise(edges.tolist()):
            i, j = offsets[first], offsets[last]
            if self.tuned:
                start = firsts[i]
                yield Batch(rows[start : firsts[j - 1] + C], places[i:j] - start, tags[i:j], all_lengths[first:last])
            else:
                yield Batch(rows[i:j], None, tags[i:j], all_lengths[first:last])

    def _dropped(self, rows: Tensor) -> Tensor:
        """Return rows in which rare words are UNK with some probability."""
        if self.unk_rate:
            dropped = self.rare[rows[:, 0]] & (torch.rand(len(rows)) < self.unk_rate)
            rows[:, 0].masked_fill_(dropped, UNK)
        return rows


class Embedding(nn.Module):  # type: ignore[misc]
    """All tables side by side. Feature tables of one size that stand together can be one embedding."""

    def __init__(self, tables: list[Tensor], merged: bool):
        super().__init__()
        self.words = nn.Embedding.from_pretrained(tables[0], freeze=False, sparse=True)
        sizes = groupby(tables[1:], lambda table: table.shape[1]) if merged else ((0, [t]) for t in tables[1:])
        groups = [list(group) for _, group in sizes]
        self.features = nn.ModuleList(nn.Embedding.from_pretrained(torch.cat(g), freeze=False) for g in groups)
        starts = [np.cumsum([0, *map(len, group[:-1])]) for group in groups]
        self.starts = torch.from_numpy(np.concatenate(starts)) if groups else torch.zeros(0, dtype=torch.int64)
        self.counts = [len(group) for group in groups]

    def forward(self, rows: Tensor) -> Tensor:
        """Return the numbers of each word, (..., D), for its table rows, (..., tables)."""
        columns = (rows[..., 1:] + self.starts).split(self.counts, dim=-1)
        features = (table(ids).flatten(-2) for table, ids in zip(self.features, columns, strict=True))
        return torch.cat([self.words(rows[..., 0]), *features], dim=-1)


class LinearChain(nn.Module):  # type: ignore[misc]
    """The negative log-likelihood of tag sequences, per window."""

    def __init__(self, tags: int, tuned: bool):
        super().__init__()
        self.transition = nn.Parameter(torch.zeros(tags, tags))
        self.start, self.end = nn.Parameter(torch.zeros(tags)), nn.Parameter(torch.zeros(tags))
        self.log_partition = self.by_scaling if tuned else self.by_logarithms

    def forward(self, z: Tensor, batch: Batch) -> Tensor:
        """Return the loss of logits z, (N, K)."""
        lengths, y = batch.lengths, batch.tags
        firsts = torch.cumsum(lengths, 0) - lengths
        lasts = firsts + lengths - 1
        sentence = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
        steps = torch.arange(int(lengths.max()))
        padded = z.new_zeros(len(steps), len(lengths), z.shape[1])
        padded = padded.index_put((torch.arange(len(z)) - firsts[sentence], sentence), z)
        inner = torch.ones(len(z), dtype=torch.bool)
        inner[lasts] = False
        left = inner.nonzero()[:, 0]
        score = z.gather(1, y[:, None]).sum() + self.transition[y[left], y[left + 1]].sum()
        score = score + self.start[y[firsts]].sum() + self.end[y[lasts]].sum()
        mask = (steps[:, None] < lengths)[:, :, None]
        return (self.log_partition(padded, mask) - score) / len(z)

    def by_logarithms(self, z: Tensor, mask: Tensor) -> Tensor:
        """Return the sum of log Z of all sentences, for padded logits (T, sentences, K)."""
        a = self.start + z[0]
        for logits, present in zip(z[1:].unbind(0), mask[1:].unbind(0), strict=True):
            following = torch.logsumexp(a[:, :, None] + self.transition, 1) + logits
            a = torch.where(present, following, a)
        return torch.logsumexp(a + self.end, 1).sum()

    def by_scaling(self, z: Tensor, mask: Tensor) -> Tensor:
        """Return the same, from products of probabilities."""
        highest = z.detach().amax(2, keepdim=True)
        e, A = (z - highest).exp(), self.transition.exp()
        log_Z = (highest * mask).sum()
        a = self.start.exp() * e[0]
        for step, (factor, present) in enumerate(zip(e[1:].unbind(0), mask[1:].unbind(0), strict=True), start=1):
            a = torch.where(present, (a @ A) * factor, a)
            if step % SCALED_EVERY == 0:
                scale = a.detach().amax(1, keepdim=True)
                a = a / scale
                log_Z = log_Z + scale.log().sum()
        return log_Z + (a @ self.end.exp()).log().sum()


class Network(nn.Module):  # type: ignore[misc]
    """The network, from a folder's weights. Settings are those of windowner's `[train]` section."""

    def __init__(self, folder: Path, settings: Task, tuned: bool):
        super().__init__()
        paths = sorted(folder.glob("E*.npy"))
        tables = [torch.from_numpy(np.load(folder / f"E{number}.npy")) for number in range(len(paths))]
        W, b1, U, b2 = (torch.from_numpy(np.load(folder / f"{name}.npy")) for name in ("W", "b1", "U", "b2"))
        self.embedding = Embedding(tables, merged=tuned)
        self.hidden = nn.Linear(W.shape[0] * C, len(b1), device="meta")
        self.hidden.weight = nn.Parameter(W.permute(2, 1, 0).reshape(len(b1), -1).contiguous())
        self.hidden.bias = nn.Parameter(b1)
        self.output = nn.Linear(len(b1), len(b2), device="meta")
        self.output.weight, self.output.bias = nn.Parameter(U.T.contiguous()), nn.Parameter(b2)
        self.chain = LinearChain(len(b2), tuned)
        self.drop_input, self.drop_hidden = (nn.Dropout(settings[f"dropout_{name}"]) for name in ("input", "hidden"))

    def forward(self, batch: Batch) -> Tensor:
        """Return the loss of a batch."""
        x = self.drop_input(self.embedding(batch.rows))
        if batch.places is not None:
            x = x.unfold(0, C, 1).transpose(1, 2)[batch.places]
        h = torch.relu(self.hidden(x.flatten(1)))
        return self.chain(self.output(self.drop_hidden(h)), batch)


class Training:
    """Epochs of Adam, with a learning rate that falls as windowner's."""

    def __init__(self, folder: Path, settings: Task, tuned: bool):
        self.text = Text(folder, tuned, settings["unk_rate"])
        self.network, self.settings, self.rng = Network(folder, settings, tuned), settings, np.random.default_rng(0)
        network = self.network
        features = list(network.embedding.features.parameters())
        decayed = [network.hidden.weight, network.output.weight]
        others = [network.hidden.bias, network.output.bias, *network.chain.parameters()]
        shares = [(decayed, 1.0, settings["l2"]), (others, 1.0, 0.0), (features, settings["feature_rate"], 0.0)]
        groups = [{"params": p, "share": share, "weight_decay": l2} for p, share, l2 in shares if p]
        words = [{"params": list(network.embedding.words.parameters()), "share": 1.0}]
        self.optimizers = [torch.optim.SparseAdam(words), torch.optim.Adam(groups, fused=True)]

    def losses(self, epoch: int = 0) -> Iterator[float]:
        """Yield the loss of each batch of an epoch, and make a step."""
        size, steps = self.settings["batch"], max(1, round(len(self.text.tags) / self.settings["batch"]))
        for number, batch in enumerate(self.text.batches(self.rng, size)):
            progress = (epoch + number / steps) / self.settings["epochs"]
            self.set_rate(self.settings["learning_rate"] * (1 - (1 - self.settings["final_rate"]) * progress))
            loss = self.network(batch)
            for optimizer in self.optimizers:
                optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            for optimizer in self.optimizers:
                optimizer.step()
            yield loss.item()

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of each group."""
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * group["share"]


def set_up(task: Task) -> Handler:
    """Load the network and the text."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    folder, settings, tuned = Path(task["folder"]), task["settings"], task["way"] == "tuned"
    training = Training(folder, settings, tuned)

    def answer(task: Task) -> Result:
        if task["do"] == "losses":
            nothing = {"dropout_input": 0.0, "dropout_hidden": 0.0, "unk_rate": 0.0, "final_rate": 1.0}
            fresh = Training(folder, {**settings, **nothing}, tuned)
            return {"losses": list(islice(fresh.losses(), task["count"]))}

        def epoch() -> int:
            sum(training.losses())
            return len(training.text.tags)

        return timed(epoch, task["seconds"])

    return answer


if __name__ == "__main__":
    serve(set_up, "torch")
