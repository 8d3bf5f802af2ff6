// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.Packing;
import dev.etch.hardware.Packing.Common;
import dev.etch.hardware.ProductPacking;
import dev.etch.hardware.SoftmaxForm;
import dev.etch.hardware.Sum;
import dev.etch.hardware.Target;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Objects;

/** One step of the data flow, before it is decided how much hardware it gets. */
public sealed interface Stage
    permits Stage.OfWindow,
        Stage.OfMap,
        Stage.OfAdd,
        Stage.OfMultiply,
        Stage.OfSelect,
        Stage.OfConcat,
        Stage.OfConstant,
        Stage.OfArgMax,
        Stage.OfSoftmax {
  /** Unique; the name of the node in the model. */
  String layer();

  /** What it reads. */
  List<Edge> inputs();

  /** What it makes. */
  Edge output();

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** One method a kind. */
  interface Visitor<R> {
    /** A sliding window. */
    R window(OfWindow stage);

    /** An element-by-element requantization. */
    R map(OfMap stage);

    /** A sum. */
    R add(OfAdd stage);

    /** A product. */
    R multiply(OfMultiply stage);

    /** A selection. */
    R select(OfSelect stage);

    /** A join. */
    R concat(OfConcat stage);

    /** The same frame for each that arrives. */
    R constant(OfConstant stage);

    /** Index of the largest. */
    R argMax(OfArgMax stage);

    /** Probabilities of the elements of a line. */
    R softmax(OfSoftmax stage);
  }

  /** A sliding window; {@code kind} starts the unit's name. */
  record OfWindow(String layer, String kind, Edge input, Edge output, WindowLayer window)
      implements Stage {
    /** Kind of a unit that only pads. */
    public static final String PAD = "pad";

    public OfWindow {
      Objects.requireNonNull(kind);
      Objects.requireNonNull(window);
    }

    @Override
    public List<Edge> inputs() {
      return List.of(input);
    }

    /** The same with another layer between the same edges. */
    public OfWindow withWindow(WindowLayer other) {
      return new OfWindow(layer, kind, input, output, other);
    }

    /**
     * How its frames arrive if they are broadcast.
     *
     * @param each elements of a beat
     */
    public FrameBeats beats(int each) {
      return FrameBeats.of(window.frame().elements(), each, input.type());
    }

    /** The ways in which products of a form can share multipliers. */
    public List<Packing> packings(ProductForm form, Target target) {
      boolean adders =
          form == ProductForm.ADDERS
              && window.operation() == WindowUnit.Operation.MULTIPLY_ACCUMULATE;
      return adders ? List.of(Packing.ADDERS) : packings(target);
    }

    /** Those of a target. */
    public List<Packing> packings(Target target) {
      if (window.operation() != WindowUnit.Operation.MULTIPLY_ACCUMULATE) {
        return List.of(Packing.NONE);
      }
      Packing ofElement = new Packing(target.productsPerMultiplier(weights()), Common.ELEMENT);
      int ofWeight = window.loaded().isPresent() ? 1 : target.productsPerMultiplier(elements());
      return ofWeight > 1
          ? List.of(ofElement, new Packing(ofWeight, Common.WEIGHT))
          : List.of(ofElement);
    }

    /** Elements as factors of a weight. */
    private ProductPacking.Ranges elements() {
      ProductPacking.Ranges weights = weights();
      int bits = Bits.signed(new long[] {weights.leastFactor(), weights.greatestFactor()});
      return new ProductPacking.Ranges(
          new IntegerType(bits, true), (int) input.type().minimum(), (int) input.type().maximum());
    }

    /** Weights as factors of an element. */
    private ProductPacking.Ranges weights() {
      if (window.loaded().isPresent()) {
        IntegerType weight = window.loaded().get().type();
        return new ProductPacking.Ranges(
            input.type(), (int) weight.minimum(), (int) weight.maximum());
      }
      IntSummaryStatistics weights =
          window.outputs().stream()
              .flatMap(List::stream)
              .mapToInt(WindowLayer.Tap::weight)
              .summaryStatistics();
      return new ProductPacking.Ranges(
          input.type(), Math.min(0, weights.getMin()), Math.max(0, weights.getMax()));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.window(this);
    }
  }

  /**
   * A requantization; {@code channels} is 1 if one staircase serves all elements, {@code run} is
   * how many neighbouring elements belong to one channel.
   */
  record OfMap(
      String layer, Edge input, Edge output, int channels, int run, Requantizer requantizer)
      implements Stage {
    @Override
    public List<Edge> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.map(this);
    }
  }

  /** A sum of two edges in the same order. */
  record OfAdd(String layer, Edge left, Edge right, Edge output, Sum sum) implements Stage {
    @Override
    public List<Edge> inputs() {
      return List.of(left, right);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.add(this);
    }
  }

  /** A product of two edges in the same order; the operands' zero points are subtracted first. */
  record OfMultiply(
      String layer,
      Edge left,
      Edge right,
      Edge output,
      int leftZeroPoint,
      int rightZeroPoint,
      Requantizer requantizer)
      implements Stage {
    @Override
    public List<Edge> inputs() {
      return List.of(left, right);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.multiply(this);
    }
  }

  /** Some elements of the input in another order, some of them several times. */
  record OfSelect(String layer, Edge input, Edge output, Selection selection) implements Stage {
    @Override
    public List<Edge> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.select(this);
    }
  }

  /** A join that takes {@code elementsPerTurn[i]} elements of each part in turn. */
  record OfConcat(String layer, List<Edge> inputs, Edge output, List<Integer> elementsPerTurn)
      implements Stage {
    public OfConcat {
      inputs = List.copyOf(inputs);
      elementsPerTurn = List.copyOf(elementsPerTurn);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.concat(this);
    }
  }

  /** Data that is the same in each frame; of {@code input} it only counts the frames. */
  record OfConstant(String layer, Edge input, Edge output, IntegerTensor data) implements Stage {
    @Override
    public List<Edge> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.constant(this);
    }
  }

  /** Softmax over lines of {@code elements} consecutive elements. */
  record OfSoftmax(String layer, Edge input, Edge output, int elements, SoftmaxForm form)
      implements Stage {
    @Override
    public List<Edge> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.softmax(this);
    }
  }

  /** Index of the largest of {@code elements} consecutive elements. */
  record OfArgMax(String layer, Edge input, Edge output, int elements, boolean selectLast)
      implements Stage {
    @Override
    public List<Edge> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.argMax(this);
    }
  }
}
