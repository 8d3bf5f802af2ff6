// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.CompilerBug;
import java.util.Arrays;

/**
 * The places where one channel's definition steps up, within its reachable range; they and the
 * lowest output determine the function completely, because it is monotone.
 *
 * @param problem the definition and the range
 * @param steps the raw sums t with {@code f(t) > f(t - 1)}, ascending
 * @param levels {@code f(t)} for each step
 * @param lowest output at the low end of the range
 */
record Staircase(ChannelProblem problem, long[] steps, int[] levels, int lowest) {

  /** Finds every step by binary search: outputs * log2(range) evaluations of the definition. */
  static Staircase of(ChannelProblem problem) {
    long low = problem.raw().low();
    long high = problem.raw().high();
    int lowest = problem.apply(low);
    int highest = problem.apply(high);
    if (lowest > highest) {
      throw new CompilerBug("requantization is not monotone: " + problem);
    }
    long room = Math.min((long) highest - lowest, high - low);
    long[] steps = new long[Math.toIntExact(room)];
    int[] levels = new int[steps.length];
    int count = 0;
    int level = lowest;
    long at = low;
    long stride = 1;
    while (level < highest) {
      long step = nextStep(problem, at, level, stride);
      stride = step - at;
      at = step;
      level = problem.apply(step);
      steps[count] = step;
      levels[count++] = level;
    }
    return new Staircase(
        problem, Arrays.copyOf(steps, count), Arrays.copyOf(levels, count), lowest);
  }

  /** Least raw sum above {@code at} whose output is above {@code level}; there is one. */
  private static long nextStep(ChannelProblem problem, long at, int level, long stride) {
    long below = at;
    long above = Math.min(problem.raw().high(), at + stride);
    while (problem.apply(above) <= level) {
      below = above;
      stride *= 2;
      above = Math.min(problem.raw().high(), above + stride);
    }
    while (above - below > 1) {
      long middle = below + (above - below) / 2;
      if (problem.apply(middle) > level) {
        above = middle;
      } else {
        below = middle;
      }
    }
    return above;
  }

  /** Output at the high end of the range. */
  int highest() {
    return levels.length == 0 ? lowest : levels[levels.length - 1];
  }

  /** Whether the output follows the raw sum one to one over the whole range. */
  boolean isCopy() {
    long width = problem.raw().high() - problem.raw().low();
    return steps.length == width && highest() - lowest == width;
  }

  /** Least raw sum whose output is at least {@code level}; past the range if none is. */
  long threshold(int level) {
    if (level <= lowest) {
      return problem.raw().low();
    }
    if (level > highest()) {
      return problem.raw().high() + 1;
    }
    int index = Arrays.binarySearch(levels, level);
    return steps[index >= 0 ? index : -index - 1];
  }
}
