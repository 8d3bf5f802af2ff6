// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.requantizer.BiasedScale;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.Corrected;
import dev.etch.hardware.requantizer.FloatScale;
import dev.etch.hardware.requantizer.LoadedFixedPoint;
import dev.etch.hardware.requantizer.LoadedScale;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.hardware.requantizer.SharedScale;
import dev.etch.hardware.requantizer.Table;
import dev.etch.hardware.requantizer.Thresholds;
import dev.etch.hardware.requantizer.TwoPieceScale;
import java.math.BigInteger;

/** {@code RequantizerPipeline} in the Verilog: accumulator to output element in eight registers. */
final class RequantizerArea {
  private final Fabric fabric;
  private final BigInteger low;
  private final BigInteger high;
  private final int accumulatorBits;
  private final int resultBits;

  /**
   * A requantizer.
   *
   * @param low smallest accumulator
   * @param high largest accumulator
   * @param accumulatorBits signed
   * @param resultBits of the output element
   */
  RequantizerArea(Fabric fabric, long low, long high, int accumulatorBits, int resultBits) {
    this.fabric = fabric;
    this.low = BigInteger.valueOf(low);
    this.high = BigInteger.valueOf(high);
    this.accumulatorBits = accumulatorBits;
    this.resultBits = resultBits;
  }

  /**
   * The requantizer of the outputs {@code first}, {@code first + step}, ...
   *
   * @param count how many outputs
   */
  Area of(Requantizer form, int first, int step, int count) {
    return form.accept(
        new Forms(
            new RequantizerPlace(
                fabric, low, high, accumulatorBits, resultBits, first, step, count)));
  }

  /** Calls the class that knows the area of a form. */
  private record Forms(RequantizerPlace place) implements Requantizer.Visitor<Area> {
    @Override
    public Area offset(Offset form) {
      return OffsetArea.of(form, place);
    }

    @Override
    public Area scale(Scale form) {
      return ScaleArea.of(form, place);
    }

    @Override
    public Area corrected(Corrected form) {
      return CorrectedArea.of(form, place);
    }

    @Override
    public Area floatScale(FloatScale form) {
      return FloatScaleArea.of(form, place);
    }

    @Override
    public Area loadedScale(LoadedScale form) {
      return LoadedScaleArea.of(form, place);
    }

    @Override
    public Area loadedFixedPoint(LoadedFixedPoint form) {
      return LoadedScaleArea.of(form, place);
    }

    @Override
    public Area twoPieceScale(TwoPieceScale form) {
      return TwoPieceScaleArea.of(form, place);
    }

    @Override
    public Area biasedScale(BiasedScale form) {
      return BiasedScaleArea.of(form, place);
    }

    @Override
    public Area sharedScale(SharedScale form) {
      return SharedScaleArea.of(form, place);
    }

    @Override
    public Area thresholds(Thresholds form) {
      return ThresholdsArea.of(form, place);
    }

    @Override
    public Area table(Table form) {
      return TableArea.of(form, place);
    }

    @Override
    public Area centredScale(CentredScale form) {
      return CentredScaleArea.of(form, place);
    }
  }
}
