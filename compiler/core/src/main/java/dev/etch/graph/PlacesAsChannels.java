// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.op.Layout;
import dev.etch.op.Op;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * A requantization with a staircase for each place of a map, the same in all channels: averages
 * over the edge divide by another number of elements there. Places become the channels of the
 * requantization.
 *
 * @param staircases one a place, row by row
 * @param layout of the sums
 * @param type of the result
 */
public record PlacesAsChannels(List<Requantization> staircases, Layout layout, IntegerType type) {
  /** Adds a node to a graph. */
  @FunctionalInterface
  public interface Emitter {
    /** The value of an operator's result. */
    Value emit(Op op, Value operand);
  }

  public PlacesAsChannels {
    staircases = List.copyOf(staircases);
  }

  /** Whether there is a form: for single images. */
  public static boolean canRequantize(Value sums) {
    return sums.type().shape().dimension(0) == 1;
  }

  /** Adds the nodes between sums of a single image and the result, which has their shape. */
  public Value requantize(Value sums, Emitter emitter) {
    return emitter.emit(
        new Reshape(sums.type().shape().dimensions()), requantizeFlat(sums, emitter));
  }

  /** The same, with the places of the result on one axis. */
  public Value requantizeFlat(Value sums, Emitter emitter) {
    Shape shape = sums.type().shape();
    int channels = shape.dimension(layout.channelAxis());
    int places = staircases.size();
    boolean last = layout == Layout.NHWC;
    List<Integer> extents = last ? List.of(places, channels) : List.of(channels, places);
    Value flat = emitter.emit(new Reshape(extents), sums);
    Value rows = last ? flat : emitter.emit(new Transpose(List.of(1, 0)), flat);
    Value means = emitter.emit(new Requantize(staircases, 0, type), rows);
    return last ? means : emitter.emit(new Transpose(List.of(1, 0)), means);
  }
}
