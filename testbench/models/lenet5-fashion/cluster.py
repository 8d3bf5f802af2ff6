"""Clusters the weights of a quantized model: each layer's nonzero int8 weights become 31 values.

    python cluster.py lenet5.onnx clustered.onnx

One-dimensional k-means from evenly spread centroids (S. Han, H. Mao, W. Dally, Deep Compression, ICLR
2016, section 3), without training afterwards; zeros stay zeros, which makes 32 values with them. Centroids
are rounded to integers, so some may fall together.
"""

import sys

import numpy as np
import onnx
from onnx import numpy_helper

VALUES = 31
ROUNDS = 100


def centroids(weights):
    """The centroid of each weight, by Lloyd's algorithm."""
    centres = np.linspace(weights.min(), weights.max(), VALUES)
    for _ in range(ROUNDS):
        nearest = np.abs(weights[:, None] - centres).argmin(axis=1)
        for i in range(VALUES):
            if (nearest == i).any():
                centres[i] = weights[nearest == i].mean()
    nearest = np.abs(weights[:, None] - centres).argmin(axis=1)
    rounded = np.rint(centres[nearest]).astype(np.int8)
    # What is not zero stays so.
    return np.where(rounded == 0, np.sign(weights), rounded).astype(np.int8)


def main(source, target):
    model = onnx.load(source)
    for initializer in model.graph.initializer:
        values = numpy_helper.to_array(initializer)
        if values.dtype != np.int8 or values.ndim < 2:
            continue
        clustered = values.copy()
        nonzero = values != 0
        clustered[nonzero] = centroids(values[nonzero].astype(np.float64))
        print(f"{initializer.name}: {nonzero.sum()} nonzero, {len(np.unique(clustered))} values")
        initializer.CopyFrom(numpy_helper.from_array(clustered, initializer.name))
    onnx.save(model, target)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
