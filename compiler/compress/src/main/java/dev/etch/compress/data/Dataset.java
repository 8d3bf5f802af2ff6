// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * Items of one shape, and what they show.
 *
 * @param item shape of an item: [channels, height, width] of an image, else as the file has it
 * @param elements of all items, row-major, item after item
 * @param labels the class of each item, from 0; empty if there are none
 */
public record Dataset(Shape item, Elements elements, int[] labels) {
  public Dataset {
    Objects.requireNonNull(elements);
    if (item.elements() < 1 || elements.count() % item.elements() != 0) {
      throw new IllegalArgumentException(elements.count() + " elements in items of " + item);
    }
    if (labels.length > 0 && labels.length != elements.count() / item.elements()) {
      throw new IllegalArgumentException(labels.length + " labels");
    }
  }

  /** Items. */
  public int count() {
    return elements.count() / item.elements();
  }

  /** Whether it says what the items show. */
  public boolean isLabelled() {
    return labels.length > 0;
  }

  /** One more than the largest label; 0 without labels. */
  public int classes() {
    return Arrays.stream(labels).max().orElse(-1) + 1;
  }

  /** An element of an item, as the file has it. */
  public float at(int index, int element) {
    return elements.at(index * item.elements() + element);
  }

  /** Whether elements are bytes, as images have them. */
  public boolean hasBytes() {
    return elements instanceof Elements.Bytes;
  }

  /** Some of the items, in this order. */
  public Dataset of(int... items) {
    int[] places = new int[items.length];
    for (int i = 0; i < items.length; i++) {
      places[i] = Math.multiplyExact(items[i], item.elements());
    }
    int[] some = isLabelled() ? Arrays.stream(items).map(i -> labels[i]).toArray() : labels;
    return new Dataset(item, elements.of(item.elements(), places), some);
  }

  /** The same items with these labels. */
  public Dataset labelled(int... classes) {
    return new Dataset(item, elements, classes);
  }
}
