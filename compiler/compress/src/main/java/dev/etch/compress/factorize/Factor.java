// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.factorize;

import dev.etch.op.Op;
import dev.etch.tensor.FloatTensor;

/** One of the layers that stand for another one. The last of them has its biases. */
record Factor(Op op, FloatTensor weights) {}
