// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.tensor.Shape;

/** Puts the channels of images first, where {@link Dataset} has them. */
final class ImageAxes {
  private ImageAxes() {}

  /**
   * Items of [height, width] and of [height, width, 1, 3 or 4] as [channels, height, width]; others
   * as they are. Three extents of which the last is no number of channels are taken to have their
   * channels first already.
   */
  static Dataset channelsFirst(Dataset data) {
    Shape item = data.item();
    if (item.rank() == 2) {
      return reshaped(data, 1, item.dimension(0), item.dimension(1));
    }
    if (item.rank() != 3 || !isChannels(item.dimension(2)) || isChannels(item.dimension(0))) {
      return data;
    }
    int channels = item.dimension(2);
    int places = item.dimension(0) * item.dimension(1);
    Dataset first = reshaped(data, channels, item.dimension(0), item.dimension(1));
    return channels == 1
        ? first
        : new Dataset(first.item(), permuted(data.elements(), places, channels), data.labels());
  }

  private static boolean isChannels(int extent) {
    return extent == 1 || extent == 3 || extent == 4;
  }

  private static Dataset reshaped(Dataset data, int channels, int height, int width) {
    return new Dataset(Shape.of(channels, height, width), data.elements(), data.labels());
  }

  private static Elements permuted(Elements elements, int places, int channels) {
    int count = elements.count();
    if (elements instanceof Elements.Bytes bytes) {
      byte[] data = new byte[count];
      for (int i = 0; i < count; i++) {
        data[target(i, places, channels)] = bytes.data()[i];
      }
      return new Elements.Bytes(data);
    }
    float[] data = new float[count];
    for (int i = 0; i < count; i++) {
      data[target(i, places, channels)] = elements.at(i);
    }
    return new Elements.Floats(data);
  }

  /** Where an element goes: from [item, place, channel] to [item, channel, place]. */
  private static int target(int index, int places, int channels) {
    int item = index / (places * channels);
    int place = index / channels % places;
    int channel = index % channels;
    return (item * channels + channel) * places + place;
  }
}
