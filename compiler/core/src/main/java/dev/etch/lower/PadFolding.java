// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.op.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets the writer of a window unit insert the padding that a Pad in front of it asks for, if only
 * that unit reads the padded frame and no other padding value is involved.
 */
final class PadFolding {
  private PadFolding() {}

  static Plan run(Plan plan) {
    List<Stage> stages = new ArrayList<>(plan.stages());
    for (int i = 0; i < stages.size(); i++) {
      if (!(stages.get(i) instanceof Stage.OfWindow pad) || !isPlainPad(pad, plan)) {
        continue;
      }
      for (int j = i + 1; j < stages.size(); j++) {
        if (stages.get(j) instanceof Stage.OfWindow reader
            && reader.input().equals(pad.output())
            && accepts(reader.window(), pad.window())) {
          stages.set(j, merged(pad, reader));
          stages.remove(i--);
          break;
        }
      }
    }
    return plan.withStages(stages);
  }

  private static boolean isPlainPad(Stage.OfWindow stage, Plan plan) {
    WindowLayer layer = stage.window();
    return layer.operation() == Operation.SUM
        && stage.kind().equals(Stage.OfWindow.PAD)
        && layer.outputs().size() == layer.frame().channels()
        && layer.outputs().stream().allMatch(taps -> taps.size() == 1)
        && plan.readers(stage.output()) == 1;
  }

  private static boolean accepts(WindowLayer reader, WindowLayer pad) {
    boolean sameValue = !reader.window().isPadded() || reader.padValue() == pad.padValue();
    return sameValue
        && reader.frame().height() == pad.outputHeight()
        && reader.frame().width() == pad.outputWidth()
        && reader.frame().channels() == pad.frame().channels();
  }

  private static Stage merged(Stage.OfWindow pad, Stage.OfWindow reader) {
    WindowLayer layer = reader.window();
    Window before = pad.window().window();
    Window own = layer.window();
    Window window =
        new Window(
            own.kernelHeight(),
            own.kernelWidth(),
            own.strideHeight(),
            own.strideWidth(),
            own.dilationHeight(),
            own.dilationWidth(),
            own.padTop() + before.padTop(),
            own.padLeft() + before.padLeft(),
            own.padBottom() + before.padBottom(),
            own.padRight() + before.padRight());
    return new Stage.OfWindow(
        reader.layer(),
        reader.kind(),
        pad.input(),
        reader.output(),
        layer.onFrame(pad.window().frame(), window, pad.window().padValue()));
  }
}
