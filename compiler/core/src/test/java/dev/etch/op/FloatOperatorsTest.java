// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.Evaluation.evaluate;
import static dev.etch.op.Evaluation.floats;
import static dev.etch.op.Evaluation.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hand-computed values of the float operators, and what they refuse. */
class FloatOperatorsTest {
  private static final Window PADDED = new Window(2, 2, 1, 1, 1, 1, 1, 0, 0, 0);

  private static FloatTensor square() {
    return FloatTensor.of(Shape.of(1, 1, 2, 2), 1, 2, 3, 4);
  }

  @Test
  void addBroadcasts() {
    Tensor sum = evaluate(new Add(), FloatTensor.of(Shape.of(2, 1), 1, 2), floats(10, 20, 30));
    assertEquals(FloatTensor.of(Shape.of(2, 3), 11, 21, 31, 12, 22, 32), sum);
    refuses(new Add(), "do not broadcast", floats(1, 2), floats(1, 2, 3));
    refuses(new Add(), "takes 2 operands, not 1", floats(1, 2));
  }

  @Test
  void averagePoolCountsPaddingOnlyIfTold() {
    assertEquals(
        FloatTensor.of(Shape.of(1, 1, 2, 1), 1.5f, 2.5f),
        evaluate(new AveragePool2d(PADDED, Layout.NCHW, false, false), square()));
    assertEquals(
        FloatTensor.of(Shape.of(1, 1, 2, 1), 0.75f, 2.5f),
        evaluate(new AveragePool2d(PADDED, Layout.NCHW, true, false), square()));
  }

  @Test
  void globalPoolingIsTheMeanOfWholeMaps() {
    assertEquals(
        FloatTensor.of(Shape.of(1, 1, 1, 1), 2.5f),
        evaluate(AveragePool2d.ofWholeMaps(2, 2, Layout.NCHW), square()));
    refuses(AveragePool2d.ofWholeMaps(1, 2, Layout.NCHW), "with another window", square());
  }

  @Test
  void poolsRefuseWindowsOfPaddingOnly() {
    Window window = new Window(2, 2, 1, 1, 1, 1, 2, 0, 0, 0);
    refuses(new AveragePool2d(window, Layout.NCHW, true, false), "wholly in the padding", square());
    refuses(new MaxPool2d(window, Layout.NCHW), "wholly in the padding", square());
  }

  @Test
  void batchNormalization() {
    Tensor y =
        evaluate(
            new BatchNormalization(0, 1),
            FloatTensor.of(Shape.of(1, 2, 2), 1, 2, 3, 4),
            floats(2, 3),
            floats(10, 20),
            floats(1, 2),
            floats(4, 9));
    // (x - 1) / 2 * 2 + 10 and (x - 2) / 3 * 3 + 20.
    assertEquals(FloatTensor.of(Shape.of(1, 2, 2), 10, 11, 21, 22), y);
  }

  @Test
  void clipAndRelu() {
    assertEquals(floats(0, 1, 6), evaluate(new Clip(0, 6), floats(-3, 1, 7)));
    assertEquals(
        floats(-3, 1, 6), evaluate(new Clip(Float.NEGATIVE_INFINITY, 6), floats(-3, 1, 7)));
    assertEquals(floats(0, 1), evaluate(new Relu(), floats(-3, 1)));
    refuses(new Relu(), "must be float32", IntegerTensor.of(IntegerType.INT8, Shape.of(1), 1));
  }

  @Test
  void convolutionInBothLayouts() {
    FloatTensor weights = FloatTensor.of(Shape.of(1, 1, 2, 2), 1, 10, 100, 1000);
    assertEquals(
        FloatTensor.of(Shape.of(1, 1, 2, 1), 2100.5f, 4321.5f),
        evaluate(new Conv2d(PADDED, Layout.NCHW, 1), square(), weights, floats(0.5f)));
    assertEquals(
        FloatTensor.of(Shape.of(1, 2, 1, 1), 2100, 4321),
        evaluate(
            new Conv2d(PADDED, Layout.NHWC, 1), square().reshape(Shape.of(1, 2, 2, 1)), weights));
  }

  @Test
  void groupsSeeOnlyTheirChannels() {
    FloatTensor x = FloatTensor.of(Shape.of(1, 2, 1, 1), 3, 5);
    FloatTensor weights = FloatTensor.of(Shape.of(4, 1, 1, 1), 1, 2, 10, 20);
    assertEquals(
        FloatTensor.of(Shape.of(1, 4, 1, 1), 3, 6, 50, 100),
        evaluate(new Conv2d(Window.of(1, 1), Layout.NCHW, 2), x, weights));
  }

  @Test
  void convolutionRefusesMisfits() {
    Conv2d op = new Conv2d(Window.of(2, 2), Layout.NCHW, 1);
    FloatTensor weights = FloatTensor.of(Shape.of(1, 1, 2, 2), 1, 1, 1, 1);
    refuses(op, "larger than the padded input", FloatTensor.of(Shape.of(1, 1, 1, 1), 1), weights);
    refuses(
        op, "has 1 channels a group", FloatTensor.of(Shape.of(1, 2, 2, 2), new float[8]), weights);
    refuses(op, "must have 4 axes", floats(1), weights);
    refuses(op, "must have shape [1]", square(), weights, floats(1, 2));
    refuses(
        new Conv2d(Window.of(2, 2), Layout.NCHW, 3),
        "cannot be cut into 3 groups",
        square(),
        weights);
    refuses(
        new Conv2d(Window.of(1, 2), Layout.NCHW, 1),
        "does not fit a kernel of 1 by 2",
        square(),
        weights);
  }

  @Test
  void denseOverTheLastAxis() {
    FloatTensor x = FloatTensor.of(Shape.of(2, 1, 2), 1, 2, 3, 4);
    FloatTensor weights = FloatTensor.of(Shape.of(3, 2), 1, 0, 0, 1, 10, 100);
    assertEquals(
        FloatTensor.of(Shape.of(2, 1, 3), 1, 2, 210, 3, 4, 430), evaluate(new Dense(), x, weights));
    assertEquals(
        FloatTensor.of(Shape.of(2, 1, 3), 2, 4, 213, 4, 6, 433),
        evaluate(new Dense(), x, weights, floats(1, 2, 3)));
    refuses(new Dense(), "last axis", floats(1, 2, 3), weights);
  }

  @Test
  void softmax() {
    float[] pair = ((FloatTensor) evaluate(new Softmax(0), floats(4, 5))).data();
    assertEquals(1 / (1 + Math.E), pair[0], 1e-7);
    assertEquals(Math.E / (1 + Math.E), pair[1], 1e-7);
    Tensor columns = FloatTensor.of(Shape.of(2, 2), 7, 1000, 7, 1000);
    assertEquals(
        FloatTensor.of(Shape.of(2, 2), 0.5f, 0.5f, 0.5f, 0.5f), evaluate(new Softmax(0), columns));
    refuses(new Softmax(1), "has no axis 1", floats(1, 2));
  }

  @Test
  void quantizeAndDequantize() {
    Quantization quantization =
        new Quantization(IntegerType.UINT8, List.of(0.5f, 2f), List.of(1, 100), 1);
    FloatTensor x = FloatTensor.of(Shape.of(1, 2, 2), 0.25f, 0.75f, -1000, 3);
    // 0.5 and 1.5 are ties: 0 and 2; -500 saturates; 1.5 goes to 2.
    Tensor y = evaluate(new Quantize(quantization), x);
    assertEquals(IntegerTensor.of(IntegerType.UINT8, Shape.of(1, 2, 2), 1, 3, 0, 102), y);
    assertEquals(
        FloatTensor.of(Shape.of(1, 2, 2), 0, 1, -200, 4),
        evaluate(new Dequantize(quantization), y));
    refuses(
        new Quantize(quantization), "does not have 2 channels", FloatTensor.of(Shape.of(1, 1), 1));
    refuses(
        new Dequantize(quantization),
        "must be of type uint8",
        IntegerTensor.of(IntegerType.INT8, Shape.of(1, 2), 1, 1));
  }
}
