"""Accuracy: ablation, presets, errors, and the lecture's demonstrations; each a make target.

Importing it sets one BLAS thread, as the command line does: numpy reads the variable when it is first imported.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
