# SPDX-License-Identifier: Apache-2.0
"""Writes the matrix of all gates of the LSTM of C-LSTM (Wang et al., FPGA 2018) as a model: 1,024 cells, a
projection to 512 and 160 inputs, so 4,096 outputs of 672 elements; random weights of 8 bits in circulant blocks.

    python gates.py SIZE MODEL.etch     # SIZE 1: no blocks
"""

import random
import sys

OUTPUTS, INPUTS = 4 * 1024, 512 + 160


def weights(size):
    """Row-major, as hexadecimal bytes."""
    draw = random.Random(size)
    rows = []
    for first in range(0, OUTPUTS, size):
        blocks = [draw.choices(range(-127, 128), k=size) for _ in range(0, INPUTS, size)]
        for row in range(size):
            rows.append("".join(f"{b[(row - c) % size] & 255:02x}" for b in blocks for c in range(size)))
    return "".join(rows)


def main():
    size, path = int(sys.argv[1]), sys.argv[2]
    kind = f"int8[{OUTPUTS}, {INPUTS}]"
    scale = "ScaleThenRound{scale = 0.0003, zeroPoint = 0, low = -128, high = 127}"
    with open(path, "w") as file:
        file.write(f'graph "gates"\ninput %x : int8[1, {INPUTS}]\n')
        file.write(f'%w = constant() {{weights = DenseWeights{{tensor = {kind} x"{weights(size)}"}}}} : {kind}\n')
        file.write(f'%sums = integerDense(%x, %w) {{inputZeroPoint = 0}} : int32[1, {OUTPUTS}] named "gates"\n')
        file.write(f"%y = requantize(%sums) {{channels = [{scale}], channelAxis = 1, output = int8}} : int8[1, {OUTPUTS}]\n")
        file.write("output %y\n")


main()
