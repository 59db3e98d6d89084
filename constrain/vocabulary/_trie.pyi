import numpy as np
from numpy.typing import NDArray

def build(
    data: bytes, offset: NDArray[np.int64], ids: NDArray[np.int32], size: int
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], int]: ...
