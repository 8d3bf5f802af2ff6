// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;
import java.util.Objects;

/**
 * How one float32 becomes an integer, computed in float32, one rounding an operation, as QONNX
 * defines its quantizers. The integer {@code q} stands for {@code (q - zeroPoint) * scale}. What is
 * not a number becomes {@link #low}.
 */
public sealed interface RealQuantizer
    permits RealQuantizer.Linear,
        RealQuantizer.Uniform,
        RealQuantizer.Bipolar,
        RealQuantizer.Ternary,
        RealQuantizer.Truncated {

  /** The integer; never decreases as {@code x} grows. */
  int apply(float x);

  /** Smallest integer. */
  int low();

  /** Largest integer. */
  int high();

  /** How much the integer grows with {@code x}, before rounding. */
  double ratio();

  /** ONNX QuantizeLinear: {@code clamp(roundHalfEven(x / scale) + zeroPoint)}. */
  record Linear(float scale, int zeroPoint, int low, int high) implements RealQuantizer {
    public Linear {
      checkScale(scale);
      checkRange(low, high);
    }

    @Override
    public int apply(float x) {
      return Float.isNaN(x) ? low : Limits.clamp(Math.rint(x / scale) + zeroPoint, low, high);
    }

    @Override
    public double ratio() {
      return 1.0 / scale;
    }
  }

  /** QONNX Quant (IntQuant): {@code round(clamp(x / scale + zeroPoint))}. */
  record Uniform(float scale, int zeroPoint, int low, int high, RealRounding rounding)
      implements RealQuantizer {
    public Uniform {
      checkScale(scale);
      checkRange(low, high);
      Objects.requireNonNull(rounding);
    }

    @Override
    public int apply(float x) {
      float y = x / scale + zeroPoint;
      return Float.isNaN(y) ? low : (int) rounding.apply(Math.max(low, Math.min(high, y)));
    }

    @Override
    public double ratio() {
      return 1.0 / scale;
    }
  }

  /**
   * QONNX BipolarQuant (scale 1, zero point 0), and Quant to one signed bit: 1 where {@code x /
   * scale + zeroPoint >= 0}, else -1. The negative zero is at least 0.
   */
  record Bipolar(float scale, int zeroPoint) implements RealQuantizer {
    public Bipolar {
      checkScale(scale);
    }

    @Override
    public int apply(float x) {
      return x / scale + zeroPoint >= 0 ? 1 : -1;
    }

    @Override
    public int low() {
      return -1;
    }

    @Override
    public int high() {
      return 1;
    }

    @Override
    public double ratio() {
      return 1.0 / scale;
    }
  }

  /** ONNX Sign: -1, 0 or 1. */
  record Ternary() implements RealQuantizer {
    @Override
    public int apply(float x) {
      return Float.isNaN(x) ? low() : (int) Math.signum(x);
    }

    @Override
    public int low() {
      return -1;
    }

    @Override
    public int high() {
      return 1;
    }

    @Override
    public double ratio() {
      return 1;
    }
  }

  /**
   * QONNX Trunc with zero point 0: {@code round(clamp(roundHalfEven(x / scale) / divisor))}. The
   * definition before operator set 2 does not clamp; there low and high lie beyond every result.
   *
   * @param divisor a power of two, at least 1
   */
  record Truncated(float scale, float divisor, int low, int high, RealRounding rounding)
      implements RealQuantizer {
    public Truncated {
      checkScale(scale);
      checkScale(divisor);
      checkRange(low, high);
      Objects.requireNonNull(rounding);
    }

    @Override
    public int apply(float x) {
      float y = (float) Math.rint(x / scale) / divisor;
      return Float.isNaN(y) ? low : (int) rounding.apply(Math.max(low, Math.min(high, y)));
    }

    @Override
    public double ratio() {
      return 1.0 / scale / divisor;
    }
  }

  private static void checkScale(float scale) {
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new OperatorException("scale " + scale + " is not finite and above 0", "");
    }
  }

  private static void checkRange(int low, int high) {
    if (low > high) {
      throw new OperatorException("empty range [" + low + ", " + high + "]", "");
    }
  }
}
