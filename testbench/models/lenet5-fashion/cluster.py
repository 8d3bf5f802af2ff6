"""Clusters the weights of a quantized model: each layer's nonzero int8 weights become 31 values.

    python cluster.py lenet5.onnx clustered.onnx [--entropy 0.0056]

One-dimensional k-means from evenly spread centroids (S. Han, H. Mao, W. Dally, Deep Compression, ICLR
2016, section 3), without training afterwards; zeros stay zeros, which makes 32 values with them. Centroids
are rounded to integers, so some may fall together. Without --entropy the integers are clustered, and each
channel keeps its scale.

With --entropy, the weights that the integers stand for are clustered, as the paper does it, and a layer has
one scale; and a weight goes to the centroid with the least squared distance, in variances of the layer's
weights, plus so much for each bit that the centroid's index takes by its frequency (Y. Choi, M. El-Khamy,
J. Lee, Towards the Limit of Network Quantization, ICLR 2017, section 4). Centroids that no weight goes to
any more are dropped.
"""

import argparse

import numpy as np
import onnx
from onnx import numpy_helper

VALUES = 31
ROUNDS = 200


def starts(weights):
    """Evenly spread on both sides of the gap around zero that pruning left."""
    negative, positive = weights[weights < 0], weights[weights > 0]
    below, above = np.ptp(negative), np.ptp(positive)
    count = int(round(VALUES * below / (below + above)))
    return np.concatenate(
        [
            np.linspace(negative.min(), negative.max(), count),
            np.linspace(positive.min(), positive.max(), VALUES - count),
        ]
    )


def centroids(weights, centres, entropy):
    """The centroid of each weight, by Lloyd's algorithm."""
    shares = np.full(VALUES, 1 / VALUES)
    for _ in range(ROUNDS):
        bits = -np.log2(np.maximum(shares, 1e-12))
        costs = (weights[:, None] - centres) ** 2 / weights.var() + entropy * bits
        nearest = costs.argmin(axis=1)
        for i in range(VALUES):
            shares[i] = (nearest == i).mean()
            if shares[i] > 0:
                centres[i] = weights[nearest == i].mean()
    return centres[nearest]


def rounded(weights, integers):
    """As int8; what is not zero stays so."""
    nearest = np.rint(weights)
    return np.where(nearest == 0, np.sign(integers), nearest).astype(np.int8)


class Layer:
    """Weights and bias of a layer, and their scales, as the model's initializers."""

    def __init__(self, model, weights, bias):
        self.initializers = {i.name: i for i in model.graph.initializer}
        self.weights = list(weights.input)
        self.bias = list(bias.input)

    def get(self, name):
        return numpy_helper.to_array(self.initializers[name])

    def set(self, name, values):
        self.initializers[name].CopyFrom(numpy_helper.from_array(values, name))

    def cluster_integers(self):
        """Each channel keeps its scale."""
        values = self.get(self.weights[0])
        nonzero = values != 0
        integers = values[nonzero].astype(np.float64)
        centres = np.linspace(integers.min(), integers.max(), VALUES)
        clustered = values.copy()
        clustered[nonzero] = rounded(centroids(integers, centres, 0), integers)
        self.set(self.weights[0], clustered)

    def cluster_reals(self, entropy):
        """All channels get the scale that the farthest centroid needs."""
        values = self.get(self.weights[0])
        scales = self.get(self.weights[1]).astype(np.float64)
        nonzero = values != 0
        real = (values * scales.reshape((-1,) + (1,) * (values.ndim - 1)))[nonzero]
        nearest = centroids(real, starts(real), entropy)
        scale = np.float32(np.abs(nearest).max() / 127)
        clustered = values.copy()
        clustered[nonzero] = rounded(nearest / scale, values[nonzero])
        self.set(self.weights[0], clustered)
        self.set(self.weights[1], np.full(scales.shape, scale))
        biases = self.get(self.bias[1]).astype(np.float64)
        unit = np.float32(biases[0] / scales[0] * scale)
        whole = np.rint(self.get(self.bias[0]) * biases / np.float64(unit))
        self.set(self.bias[0], whole.astype(np.int32))
        self.set(self.bias[1], np.full(biases.shape, unit))


def layers(model):
    """Those of convolutions and dense layers whose weights are int8."""
    made = {node.output[0]: node for node in model.graph.node}
    for node in model.graph.node:
        if node.op_type in ("Conv", "Gemm"):
            yield Layer(model, made[node.input[1]], made[node.input[2]])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--entropy", type=float, default=0)
    arguments = parser.parse_args()
    model = onnx.load(arguments.source)
    for layer in layers(model):
        if arguments.entropy > 0:
            layer.cluster_reals(arguments.entropy)
        else:
            layer.cluster_integers()
        values = layer.get(layer.weights[0])
        print(f"{layer.weights[0]}: {(values != 0).sum()} nonzero, {len(np.unique(values))} values")
    onnx.save(model, arguments.target)


if __name__ == "__main__":
    main()
