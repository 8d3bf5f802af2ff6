// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * How QONNX rounds a float32 to an integer, each mode as its definition computes it: the half that
 * some modes add or subtract is added in float32, so that 0.49999997 rounded half up is 1.
 */
public enum RealRounding {
  /** To nearest, ties to even: ROUND, HALF_EVEN. */
  HALF_EVEN {
    @Override
    public float apply(float x) {
      return (float) Math.rint(x);
    }
  },
  /** To nearest, ties away from zero: HALF_UP. */
  HALF_UP {
    @Override
    public float apply(float x) {
      return Math.copySign((float) Math.floor(Math.abs(x) + 0.5f), x);
    }
  },
  /** To nearest, ties towards zero: HALF_DOWN. */
  HALF_DOWN {
    @Override
    public float apply(float x) {
      return Math.copySign((float) Math.ceil(Math.abs(x) - 0.5f), x);
    }
  },
  /** To the next integer that is no larger: FLOOR. */
  FLOOR {
    @Override
    public float apply(float x) {
      return (float) Math.floor(x);
    }
  },
  /** To the next integer that is no smaller: CEIL. */
  CEILING {
    @Override
    public float apply(float x) {
      return (float) Math.ceil(x);
    }
  },
  /** Away from zero: UP. */
  AWAY_FROM_ZERO {
    @Override
    public float apply(float x) {
      return Math.copySign((float) Math.ceil(Math.abs(x)), x);
    }
  },
  /** Towards zero: DOWN. */
  TOWARDS_ZERO {
    @Override
    public float apply(float x) {
      return Math.copySign((float) Math.floor(Math.abs(x)), x);
    }
  };

  /** The rounded number; never decreases as {@code x} grows. */
  public abstract float apply(float x);
}
