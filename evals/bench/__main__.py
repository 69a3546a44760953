"""``python -m evals.bench``: the picture by itself, then the whole show under questions."""

import sys

from evals.bench import show, stage

if __name__ == "__main__":
    print("The picture, CPU ms a frame, beside a copy of one picture:\n")
    own, sys.argv = sys.argv, sys.argv[:1]
    stage.main()
    sys.argv = own
    print("\nA whole show under questions:\n")
    show.main()
