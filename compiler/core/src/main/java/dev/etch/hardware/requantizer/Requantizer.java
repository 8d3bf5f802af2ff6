// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

/**
 * Hardware form of a staircase, proved equal to the framework's definition on every accumulator
 * that can occur; {@link Table} also holds functions that are not monotone. Lists have one entry a
 * channel, or one entry for all channels.
 */
public sealed interface Requantizer
    permits Offset,
        Scale,
        Corrected,
        FloatScale,
        LoadedScale,
        LoadedFixedPoint,
        TwoPieceScale,
        BiasedScale,
        SharedScale,
        Thresholds,
        Table,
        CentredScale {

  /** The output for an accumulator (without bias) of a channel. */
  long apply(int channel, long accumulator);

  /** The same for {@code times} times as many channels: channel c as channel c modulo its own. */
  Requantizer repeated(int times);

  /** Multipliers that each element of a beat takes; the other forms are made of adders. */
  default int multipliersEach() {
    return 0;
  }

  /** Whether the host loads its numbers. */
  default boolean loads() {
    return false;
  }

  /** Calls the visitor's method for this form. */
  <R> R accept(Visitor<R> visitor);

  /** One method a form, without defaults, so that javac finds every place a new form concerns. */
  interface Visitor<R> {
    /** A sum with a constant. */
    R offset(Offset form);

    /** A line, rounded and clamped. */
    R scale(Scale form);

    /** A line that is corrected at a few accumulators. */
    R corrected(Corrected form);

    /** A line that is rounded to float32 first. */
    R floatScale(FloatScale form);

    /** The same with numbers that the host loads. */
    R loadedScale(LoadedScale form);

    /** A line that is rounded twice, with numbers that the host loads. */
    R loadedFixedPoint(LoadedFixedPoint form);

    /** Two parallel lines that meet at a pivot. */
    R twoPieceScale(TwoPieceScale form);

    /** A line with the bias in front of the product. */
    R biasedScale(BiasedScale form);

    /** A line that all channels share, with their biases in front of it. */
    R sharedScale(SharedScale form);

    /** Comparisons that are counted. */
    R thresholds(Thresholds form);

    /** A function that is looked up. */
    R table(Table form);

    /** A line with a multiplier. */
    R centredScale(CentredScale form);
  }
}
