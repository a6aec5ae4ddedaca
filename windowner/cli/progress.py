"""The progress of a training. It goes to stderr, so that results on stdout can be piped."""

from typing import Never

from tqdm import tqdm

from windowner.cli.log import WARNING, is_json, record, tell
from windowner.training.observer import EpochRecord, Observer


class Progress(Observer):
    """Shows one bar per epoch on a terminal, and one line per epoch elsewhere; with `--log json`, one JSON object."""

    def __init__(self) -> None:
        self.bar: tqdm[Never] | None = None
        self.label = ""

    def note(self, message: str) -> None:
        """Print a message."""
        tell("note", message)

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        """Open the epoch's bar."""
        self.label = f"epoch {epoch:>{len(str(epochs))}}/{epochs}"
        record("epoch-begins", self.label, epoch=epoch, epochs=epochs, windows=windows)
        self.bar = tqdm(
            total=windows,
            desc=self.label,
            disable=is_json() or None,  # None: disabled if stderr is not a terminal
            bar_format="{desc} |{bar:20}| {percentage:3.0f}%{postfix}",
        )

    def batch_ends(self, windows: int, loss: float) -> None:
        """Move the bar by a batch."""
        if self.bar is not None and not self.bar.disable:
            self.bar.set_postfix_str(f"loss {loss:.4f}", refresh=False)
            self.bar.update(windows)

    def epoch_ends(self, epoch: EpochRecord) -> None:
        """Close the bar, print the epoch's line if there is no terminal, and print the warnings."""
        if self.bar is None:
            return
        result = (
            f"loss {epoch.loss:.4f}, {epoch.windows_per_second:,.0f} windows/s, "
            f"dev F1 {100 * epoch.dev_f1:.2f}{' (best so far)' if epoch.best else ''}"
        )
        if self.bar.disable:
            tell("epoch", f"{self.label}: {result}", **epoch.as_dict())
        self.bar.set_postfix_str(result)
        self.close()
        for warning in epoch.diagnostics.warnings():
            tell("warning", warning, level=WARNING, prefix="  ", color="yellow", epoch=epoch.epoch)

    def close(self) -> None:
        """Close the bar if it is open, so that an error message starts on a new line."""
        if self.bar is not None:
            self.bar.close()
