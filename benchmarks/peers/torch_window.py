"""The same network in PyTorch, written carefully: windows are numbered once, a batch is a slice, gradients are sparse.

ways      fine-tuned   nn.Embedding(sparse=True)
          frozen       nn.Embedding.from_pretrained(freeze=True)
          dense        nn.Embedding, whose gradient is as large as the table: what a first try looks like
"""

from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.peers.protocol import Handler, Result, Sentences, Task, serve, tagging_handler, timed

RADIUS = 2
C = 2 * RADIUS + 1
WINDOWS = 1024  # at a time when tagging
PAD, UNK = 0, 1


def load_weights(folder: Path) -> dict[str, torch.Tensor]:
    """Return the weights of a folder, the hidden layer's as `nn.Linear` has it: (H, C * D)."""
    weights = {name: torch.from_numpy(np.load(folder / f"{name}.npy")) for name in ("E", "W", "b1", "U", "b2")}
    weights["W"] = weights["W"].permute(2, 1, 0).reshape(len(weights["b1"]), -1).contiguous()
    weights["U"] = weights["U"].T.contiguous()
    return weights


def network(weights: dict[str, torch.Tensor], way: str) -> nn.Sequential:
    """Return the network; it trains the arrays it is given."""
    embedding = nn.Embedding.from_pretrained(weights["E"], freeze=way == "frozen", sparse=way == "fine-tuned")
    hidden, output = (nn.Linear(*weights[name].shape[::-1], device="meta") for name in ("W", "U"))
    hidden.weight, hidden.bias = nn.Parameter(weights["W"]), nn.Parameter(weights["b1"])
    output.weight, output.bias = nn.Parameter(weights["U"]), nn.Parameter(weights["b2"])
    return nn.Sequential(embedding, nn.Flatten(), hidden, nn.Tanh(), output)


class Text:
    """The training text: the rows of each window's words, and its tag."""

    def __init__(self, folder: Path):
        arrays = {name: np.load(folder / f"{name}.npy") for name in ("stream", "centers", "offsets", "tags", "table")}
        rows = arrays["table"][arrays["stream"], 0].astype(np.int64)
        firsts = arrays["centers"] - RADIUS
        self.windows = torch.from_numpy(rows[firsts[:, None] + np.arange(C)])
        self.tags = torch.from_numpy(arrays["tags"].astype(np.int64))
        self.offsets = arrays["offsets"]

    def first(self, count: int) -> None:
        """Keep the first sentences, which hold about `count` tokens."""
        self.offsets = self.offsets[: int(np.searchsorted(self.offsets, count)) + 1]

    def shuffled(self, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, Any]:
        """Return windows, tags and sentence starts in a new order of sentences."""
        order = rng.permutation(len(self.offsets) - 1)
        lengths = np.diff(self.offsets)[order]
        ends = np.cumsum(lengths)
        tokens = torch.from_numpy(np.arange(ends[-1]) + np.repeat(self.offsets[order] - (ends - lengths), lengths))
        return self.windows[tokens], self.tags[tokens], np.concatenate([[0], ends])


class Training:
    """Epochs of plain SGD over whole sentences."""

    def __init__(self, model: nn.Sequential, text: Text, batch: int, rate: float):
        self.model, self.text, self.batch = model, text, batch
        self.optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=rate)
        self.rng = np.random.default_rng(0)

    def epoch(self) -> float:
        """Train one epoch; return the mean loss."""
        windows, tags, offsets = self.text.shuffled(self.rng)
        count = max(1, round(len(windows) / self.batch))
        edges = np.unique(np.searchsorted(offsets, np.linspace(0, len(windows), count + 1)))
        total = torch.zeros(())
        for first, last in pairwise(offsets[edges].tolist()):
            loss = nn.functional.cross_entropy(self.model(windows[first:last]), tags[first:last])
            self.optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            self.optimizer.step()
            total += loss.detach() * (last - first)
        return float(total) / len(windows)


class Rows(dict[str, int]):
    """Row of each word, found as windowner finds it, and kept."""

    def __missing__(self, form: str) -> int:
        lower = form.lower()
        row = self.get(lower, UNK)
        if row == UNK and any(map(str.isdigit, lower)):
            zeros = "".join("0" if character.isdigit() else character for character in lower)
            row = self.get(zeros, self.get(zeros.replace("0", "#"), UNK))
        self[form] = row
        return row


class Tagger:
    """From tokens to the single best tag of each."""

    def __init__(self, folder: Path):
        self.model = network(load_weights(folder), "frozen").eval()
        words = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
        self.rows = Rows(zip(words, range(UNK + 1, len(words) + UNK + 1), strict=True))
        self.names = (folder / "tags.txt").read_text(encoding="utf-8").split("\n")

    def tag(self, sentences: Sentences) -> Sentences:
        """Return the tags of sentences."""
        lengths = np.fromiter(map(len, sentences), dtype=np.int64, count=len(sentences))
        ends = np.cumsum(lengths)
        total = int(ends[-1])
        centers = np.arange(total) + RADIUS * np.repeat(np.arange(1, len(lengths) + 1), lengths)
        stream = np.full(total + (len(lengths) + 1) * RADIUS, PAD, dtype=np.int64)
        stream[centers] = np.fromiter(map(self.rows.__getitem__, chain.from_iterable(sentences)), np.int64, total)
        every = torch.from_numpy(stream).unfold(0, C, 1)
        firsts = torch.from_numpy(centers - RADIUS)
        with torch.inference_mode():
            best = torch.cat([self.model(every[some]).argmax(dim=1) for some in firsts.split(WINDOWS)])
        names = [self.names[number] for number in best.tolist()]
        return [names[end - length : end] for length, end in zip(lengths.tolist(), ends.tolist(), strict=True)]


def set_up(task: Task) -> Handler:
    """Load the network and text to train, or the tagger."""
    torch.set_num_threads(1)
    folder = Path(task["folder"])
    if "way" not in task:
        return tagging_handler(Tagger(folder).tag)
    way, text = task["way"], Text(folder)
    if "windows" in task:
        text.first(task["windows"])
    model = network(load_weights(folder), way)

    def answer(task: Task) -> Result:
        if task["do"] == "loss":
            return {"loss": Training(network(load_weights(folder), way), text, task["batch"], task["rate"]).epoch()}
        training = Training(model, text, task["batch"], task["rate"])

        def epoch() -> int:
            training.epoch()
            return int(text.offsets[-1])

        return timed(epoch, task["seconds"])

    return answer


if __name__ == "__main__":
    serve(set_up, "torch")
