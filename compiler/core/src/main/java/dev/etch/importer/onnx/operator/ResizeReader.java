// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.Refusal;
import dev.etch.op.Layout;
import dev.etch.op.LinearResize2d;
import dev.etch.op.LinearResize2d.Blend;
import dev.etch.op.NearestResize2d;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Resize to the nearest element, by constant scales or to a constant size. */
final class ResizeReader implements OperatorReader {
  private static final int FIRST = 11;
  private static final int AXES = 18;
  private static final int SCALES = 2;
  private static final int SIZES = 3;
  private static final int LARGEST = 1 << 16;

  @Override
  public Signature signature() {
    return Signature.of(
        1,
        4,
        "antialias",
        "axes",
        "coordinate_transformation_mode",
        "cubic_coeff_a",
        "exclude_outside",
        "extrapolation_value",
        "keep_aspect_ratio_policy",
        "mode",
        "nearest_mode");
  }

  @Override
  public String notes() {
    return "modes nearest and linear (2-D, channels first), from opset 11 on; 1-D (channels first) and 2-D;"
        + " constant scales or sizes";
  }

  @Override
  public void read(NodeContext node) {
    check(node);
    Shape shape = node.shape(0);
    List<Extent> extents = extents(node, shape);
    boolean channelsLast = shape.rank() == 4 && extents.get(1).changes();
    int still = channelsLast ? 3 : 1;
    if (extents.get(0).changes() || extents.get(still).changes()) {
      throw new Refusal(
          "resizes batch or channels of " + shape, "only rows and columns can be resized");
    }
    if (isLinear(node)) {
      readLinear(node, extents, channelsLast);
      return;
    }
    NearestMode nearest = NearestMode.of(node.attributes());
    int columns = channelsLast ? 2 : shape.rank() - 1;
    List<Integer> rows = shape.rank() == 4 ? nearest.sources(extents.get(columns - 1)) : List.of(0);
    Layout layout = channelsLast ? Layout.NHWC : Layout.NCHW;
    Spatial.result(
        node,
        new NearestResize2d(layout, rows, nearest.sources(extents.get(columns))),
        Spatial.lifted(node, 0));
  }

  private static boolean isLinear(NodeContext node) {
    return node.attributes().text("mode", "nearest").equals("linear");
  }

  private static void readLinear(NodeContext node, List<Extent> extents, boolean channelsLast) {
    if (channelsLast || extents.size() != 4) {
      throw new Refusal(
          "resizes " + node.shape(0) + " linearly along other axes than the last two",
          "resize [batch, channels, rows, columns]");
    }
    if (isCut(node, extents.get(2)) || isCut(node, extents.get(3))) {
      throw new Refusal(
          "aligns corners, with a scale that does not give a whole number of elements",
          "ONNX and ONNX Runtime define it differently: give sizes in place of scales");
    }
    LinearMode linear = LinearMode.of(node.attributes());
    List<Blend> rows = linear.blends(extents.get(2));
    List<Blend> columns = linear.blends(extents.get(3));
    if (node.value(0).type().element() instanceof IntegerType type) {
      IntegerResize.read(node, rows, columns, type);
    } else {
      node.emitResult(new LinearResize2d(Layout.NCHW, rows, columns), node.value(0));
    }
  }

  private static boolean isCut(NodeContext node, Extent extent) {
    String mode = node.attributes().text("coordinate_transformation_mode", "half_pixel");
    return mode.equals("align_corners")
        && !isGiven(node, SIZES)
        && extent.from() * extent.scale() != extent.to();
  }

  private static void check(NodeContext node) {
    String mode = node.attributes().text("mode", "nearest");
    String policy = node.attributes().text("keep_aspect_ratio_policy", "stretch");
    if (node.operatorSet() < FIRST) {
      throw new Refusal("Resize of opset " + node.operatorSet(), "export with opset 11 or newer");
    }
    if (!mode.equals("nearest") && !mode.equals("linear")) {
      throw new Refusal(
          "mode " + Printable.of(mode) + " mixes many elements in float32",
          "resize to the nearest element or linearly (mode = nearest or linear)");
    }
    if (!policy.equals("stretch") || node.attributes().flag("antialias", false)) {
      throw new Refusal(
          "keep_aspect_ratio_policy " + Printable.of(policy) + " or antialias is not supported",
          "export with constant sizes");
    }
    Spatial.extents(node, 0);
  }

  /**
   * One axis.
   *
   * @param from elements of the operand
   * @param to elements of the result
   * @param scale of the result in float32
   */
  record Extent(int from, int to, float scale) {
    boolean changes() {
      return from != to || scale != 1;
    }
  }

  private static List<Extent> extents(NodeContext node, Shape shape) {
    List<Integer> axes = axes(node, shape.rank());
    float[] scales = isGiven(node, SCALES) ? node.floats(SCALES, "scales").data() : new float[0];
    List<Long> sizes = isGiven(node, SIZES) ? node.longs(SIZES, "sizes") : List.of();
    boolean bySize = !sizes.isEmpty();
    if ((bySize ? sizes.size() : scales.length) != axes.size() || (bySize && scales.length > 0)) {
      throw new Refusal(
          scales.length + " scales and " + sizes.size() + " sizes for " + axes.size() + " axes",
          "give one of them for each axis");
    }
    List<Extent> extents = new ArrayList<>();
    shape.dimensions().forEach(extent -> extents.add(new Extent(extent, extent, 1)));
    for (int i = 0; i < axes.size(); i++) {
      int from = shape.dimension(axes.get(i));
      float scale = bySize ? (float) sizes.get(i) / from : scales[i];
      double to = bySize ? sizes.get(i) : Math.floor(from * scale);
      if (!(to >= 1 && to <= LARGEST)) {
        throw new Refusal("an axis of " + from + " elements gets " + to, "from 1 to " + LARGEST);
      }
      extents.set(axes.get(i), new Extent(from, (int) to, scale));
    }
    return extents;
  }

  /** Whether an optional operand is there; an empty tensor says that it is not. */
  private static boolean isGiven(NodeContext node, int input) {
    return node.has(input) && node.shape(input).elements() > 0;
  }

  private static List<Integer> axes(NodeContext node, int rank) {
    List<Integer> all = IntStream.range(0, rank).boxed().toList();
    if (node.operatorSet() < AXES && node.attributes().has("axes")) {
      throw new Refusal("'axes' before opset " + AXES, "");
    }
    List<Integer> axes =
        node.attributes()
            .longs("axes")
            .map(given -> given.stream().map(a -> NodeContext.axis(a, rank)).toList())
            .orElse(all);
    if (axes.stream().distinct().count() != axes.size() || Collections.disjoint(axes, all)) {
      throw new Refusal("axes " + axes, "each axis once");
    }
    return axes;
  }
}
