"""Does search find what was meant, and how fast? Candor's own beside other ways, in one run."""

import os

for _name in ("OMP", "OPENBLAS", "MKL", "RAYON", "NUMEXPR"):
    # one thread for all alike; read when these libraries are loaded, so set before
    os.environ.setdefault(f"{_name}_NUM_THREADS", "1")
