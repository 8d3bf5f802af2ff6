// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.Dataset;
import dev.etch.compress.data.Normalization;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A data set as a network takes it: normalized, in the order of the network's axes.
 *
 * <p>Of a network that takes [channels, height, width] or a vector, elements have the data's order;
 * of one that takes [height, width, channels], channels are last.
 */
public final class Items {
  private final Dataset data;
  private final Normalization normalization;
  private final boolean channelsLast;

  /**
   * Items for a network.
   *
   * @param input what the network takes, with a batch of 1
   * @param source where the data comes from, for the diagnostic
   * @throws DiagnosticException if items do not fit
   */
  public Items(Dataset data, Normalization normalization, Shape input, String source) {
    this.data = data;
    this.normalization = normalization;
    List<Integer> wanted = input.dimensions().subList(1, input.rank());
    Shape item = data.item();
    boolean image = item.rank() == 3 && item.dimension(0) > 1;
    this.channelsLast =
        image
            && !wanted.equals(item.dimensions())
            && wanted.equals(List.of(item.dimension(1), item.dimension(2), item.dimension(0)));
    boolean fits = wanted.equals(item.dimensions()) || wanted.size() == 1 || !image || channelsLast;
    if (!fits || input.elements() != item.elements()) {
      throw new DiagnosticException(
          Location.file(source),
          "items are " + item + ", but the model takes " + input,
          "use data of the model's size");
    }
  }

  /** How many there are. */
  public int count() {
    return data.count();
  }

  /** The data. */
  public Dataset data() {
    return data;
  }

  /** How elements are normalized. */
  public Normalization normalization() {
    return normalization;
  }

  /** An item. */
  public float[] item(int index) {
    float[] into = new float[data.item().elements()];
    place(raw(index), into, 0);
    return into;
  }

  /** An item as the bytes that the data has, in the order of the network's axes. */
  public int[] bytes(int index) {
    float[] raw = raw(index);
    int[] into = new int[raw.length];
    for (int i = 0; i < raw.length; i++) {
      into[target(i, raw.length)] = (int) raw[i];
    }
    return into;
  }

  /** A variation of an item. */
  void vary(int index, Augmentation augmentation, SplittableRandom random, float[] into, int at) {
    float[] raw = raw(index);
    augmentation.vary(raw, data.item(), normalization.zeroPoint(), random);
    place(raw, into, at);
  }

  private float[] raw(int index) {
    float[] raw = new float[data.item().elements()];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = data.at(index, i);
    }
    return raw;
  }

  private void place(float[] raw, float[] into, int at) {
    for (int i = 0; i < raw.length; i++) {
      into[at + target(i, raw.length)] = normalization.apply(raw[i]);
    }
  }

  private int target(int index, int length) {
    int channels = channelsLast ? data.item().dimension(0) : 1;
    int places = length / channels;
    return index % places * channels + index / places;
  }
}
