// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.tensor.IntegerTensor;
import java.util.function.IntFunction;

/**
 * What to replay.
 *
 * @param firstOfRun the first frame that the failing process was fed
 * @param failing the frame that came out wrong, or did not come
 */
record Replayed(int firstOfRun, int failing, IntFunction<IntegerTensor> frames, Stalls stalls) {}
