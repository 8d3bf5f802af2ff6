// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.nio.file.Path;

/**
 * Images of an {@link IdxFile} as a model's input. For a float32 input a pixel is {@code byte /
 * 255.0}, divided in float32; for an integer input it is the byte itself, which must fit the type.
 * An image has as many pixels as a frame of the model has elements; its rows, columns (and
 * channels) are taken in the model's own order.
 */
public final class DatasetFrames {
  private static final float WHITE = 255.0f;

  private final IdxFile images;
  private final TensorType type;
  private final Location location;

  /**
   * Images as inputs of a type.
   *
   * @throws DiagnosticException if the images do not fit the type
   */
  public DatasetFrames(Path file, TensorType type) {
    this(IdxFile.read(file), type, Location.file(file.toString()));
  }

  private DatasetFrames(IdxFile images, TensorType type, Location location) {
    this.images = images;
    this.type = type;
    this.location = location;
    if (images.itemSize() != type.shape().elements()) {
      throw new DiagnosticException(
          location,
          "an item has " + images.itemSize() + " elements, but the model takes " + type,
          "use images of the model's size");
    }
    if (images.items() == 0) {
      throw new DiagnosticException(location, "holds no images", "");
    }
  }

  /** Images. */
  public int count() {
    return images.items();
  }

  /**
   * One image.
   *
   * @throws DiagnosticException if a byte is not of the model's integer type
   */
  public Tensor frame(int index) {
    return type.isFloat() ? floats(index) : integers(index);
  }

  private FloatTensor floats(int index) {
    float[] data = new float[images.itemSize()];
    for (int i = 0; i < data.length; i++) {
      data[i] = images.at(index, i) / WHITE;
    }
    return new FloatTensor(type, data);
  }

  private IntegerTensor integers(int index) {
    IntegerType element = (IntegerType) type.element();
    int[] data = new int[images.itemSize()];
    for (int i = 0; i < data.length; i++) {
      data[i] = images.at(index, i);
      if (!element.contains(data[i])) {
        throw new DiagnosticException(
            location,
            "image " + index + " has the byte " + data[i] + ", which is not of type " + element,
            "convert the images to the model's type and give them by --input");
      }
    }
    return new IntegerTensor(type, data);
  }
}
