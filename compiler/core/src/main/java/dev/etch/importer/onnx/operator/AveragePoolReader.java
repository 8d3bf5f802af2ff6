// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.op.AveragePool2d;
import dev.etch.op.Layout;
import dev.etch.op.Pad;
import dev.etch.op.Window;
import java.util.ArrayList;
import java.util.List;

/** AveragePool of opsets 1 to 22. */
final class AveragePoolReader implements OperatorReader {
  @Override
  public Signature signature() {
    List<String> names = new ArrayList<>(WindowAttributes.NAMES);
    names.addAll(List.of("ceil_mode", "count_include_pad"));
    return new Signature(1, 1, names);
  }

  @Override
  public String notes() {
    return "1-D and 2-D; ceil_mode, dilations, auto_pad, count_include_pad";
  }

  @Override
  public void read(NodeContext node) {
    List<Integer> extents = Spatial.extents(node, 0);
    WindowAttributes read = WindowAttributes.read(node.attributes(), extents, List.of());
    boolean countPadding = node.attributes().flag("count_include_pad", false);
    Value x = Spatial.lifted(node, 0);
    Window window = read.whole();
    if (countPadding && read.hasExtra()) {
      x = paddedApart(node, read.window(), x);
      window = read.padded(0, 0, read.extraBottom(), read.extraRight());
      countPadding = false;
    }
    Spatial.result(node, new AveragePool2d(window, Layout.NCHW, countPadding, false), x);
  }

  /** What ceil_mode adds never counts, so padding that counts becomes a node of its own. */
  private static Value paddedApart(NodeContext node, Window window, Value x) {
    if (!window.isPadded()) {
      return x;
    }
    return node.emit(
        new Pad(
            List.of(0, 0, window.padTop(), window.padLeft()),
            List.of(0, 0, window.padBottom(), window.padRight()),
            0),
        x);
  }
}
