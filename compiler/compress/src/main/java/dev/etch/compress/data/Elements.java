// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import java.util.Objects;

/** The elements of all items of a data set, one item after the other. */
public sealed interface Elements {
  /** How many there are. */
  int count();

  /** One of them. */
  float at(int index);

  /** So many from each of these places on. */
  Elements of(int count, int... places);

  /** Elements {@code 0 ... 255}, as images have them: a quarter of the memory of floats. */
  record Bytes(byte[] data) implements Elements {
    public Bytes {
      Objects.requireNonNull(data);
    }

    @Override
    public int count() {
      return data.length;
    }

    @Override
    public float at(int index) {
      return data[index] & 0xff;
    }

    @Override
    public Elements of(int count, int... places) {
      byte[] some = new byte[Math.multiplyExact(count, places.length)];
      for (int i = 0; i < places.length; i++) {
        System.arraycopy(data, places[i], some, i * count, count);
      }
      return new Bytes(some);
    }
  }

  /** Any numbers. */
  record Floats(float[] data) implements Elements {
    public Floats {
      Objects.requireNonNull(data);
    }

    @Override
    public int count() {
      return data.length;
    }

    @Override
    public float at(int index) {
      return data[index];
    }

    @Override
    public Elements of(int count, int... places) {
      float[] some = new float[Math.multiplyExact(count, places.length)];
      for (int i = 0; i < places.length; i++) {
        System.arraycopy(data, places[i], some, i * count, count);
      }
      return new Floats(some);
    }
  }
}
