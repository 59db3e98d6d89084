import numpy as np
from numpy.typing import NDArray

def classify(
    data: bytes, offset: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]: ...
