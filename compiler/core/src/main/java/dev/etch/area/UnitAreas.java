// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.AddUnit;
import dev.etch.hardware.ArgMaxUnit;
import dev.etch.hardware.ConcatUnit;
import dev.etch.hardware.ConstantUnit;
import dev.etch.hardware.ForkUnit;
import dev.etch.hardware.MapUnit;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.MultiplyUnit;
import dev.etch.hardware.SelectUnit;
import dev.etch.hardware.SoftmaxUnit;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WidthUnit;
import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowUnit;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;

/** The area of each kind of unit, without its queues. */
public final class UnitAreas implements Unit.Visitor<Area> {
  private final Fabric fabric;

  /** Areas on a device family. */
  public UnitAreas(Target target) {
    this.fabric = Fabric.of(target);
  }

  @Override
  public Area window(WindowUnit unit) {
    WindowBlocks blocks = new WindowBlocks(fabric, WindowStructure.of(unit));
    return blocks.all().plus(requantizers(unit)).plus(WindowWordsArea.of(unit, fabric));
  }

  /** A window unit whose products and sums are made by an array that it shares. */
  Area sharing(WindowUnit unit, WindowShape shape) {
    return new WindowBlocks(fabric, shape).sharing().plus(requantizers(unit));
  }

  /** An array of multipliers that units of these shapes share. */
  Area array(List<WindowShape> members) {
    return new ArrayArea(fabric, members).all();
  }

  /**
   * A window unit with a product for each weight, zero or not.
   *
   * @param shares whether an array makes its products
   * @param steps of a run
   */
  public Area withZeros(WindowUnit unit, boolean shares, int steps) {
    WindowBlocks blocks = new WindowBlocks(fabric, WindowStructure.of(unit).withZeros(steps));
    return (shares ? blocks.sharing() : blocks.all()).plus(requantizers(unit));
  }

  /** A matrix unit with words as they are, and a product for each weight, zero or not. */
  public Area withZeros(MatrixUnit unit, int steps) {
    return new MatrixArea(fabric).of(MatrixShape.of(unit).withZeros(steps));
  }

  /** A matrix unit with words as they are, and weights themselves instead of indices of them. */
  public Area withWeights(MatrixUnit unit) {
    int distanceBits = unit.program().distanceBits();
    return new MatrixArea(fabric).of(MatrixShape.of(unit).withWeights(distanceBits));
  }

  private Area requantizers(WindowUnit unit) {
    IntegerType accumulator = unit.accumulator();
    RequantizerArea requantizer =
        requantizer(accumulator, signedBits(accumulator), unit.output().type().element().bits());
    int clusters = unit.program().clusters().size();
    Area area = Area.NONE;
    WindowNetlist netlist = WindowNetlist.of(unit);
    for (int cluster = 0; cluster < clusters; cluster++) {
      int outputs = netlist.channels(cluster).size();
      area = area.plus(requantizer.of(unit.requantizer(), cluster, clusters, outputs));
    }
    return area;
  }

  @Override
  public Area matrix(MatrixUnit unit) {
    return new MatrixArea(fabric).of(MatrixShape.of(unit));
  }

  @Override
  public Area map(MapUnit unit) {
    StreamType from = unit.input().type();
    RequantizerArea requantizer =
        requantizer(
            from.element(), signedBits(from.element()), unit.output().type().element().bits());
    int beats = unit.run() == 1 ? unit.channels() / from.elements() : unit.channels();
    Area area = pipeline(MapUnit.STAGES).plus(counter(beats)).plus(Area.flipFlops(from.bits()));
    for (int element = 0; element < from.elements(); element++) {
      area = area.plus(requantizer.of(unit.requantizer(), element, from.elements(), beats));
    }
    return area;
  }

  @Override
  public Area add(AddUnit unit) {
    StreamType to = unit.output().type();
    IntegerType left = unit.left().type().element();
    IntegerType right = unit.right().type().element();
    Area element = new SumArea(fabric, left, right, to.element().bits()).of(unit.sum());
    return pipeline(MapUnit.STAGES).plus(element.times(to.elements()));
  }

  @Override
  public Area multiply(MultiplyUnit unit) {
    StreamType to = unit.output().type();
    int left = signedBits(unit.left().type().element()) + 1;
    int right = signedBits(unit.right().type().element()) + 1;
    List<AdderTreeArea.Row> rows = new ArrayList<>();
    for (int digit = 0; digit < (right + 1) / 2; digit++) {
      rows.add(new AdderTreeArea.Row(left + 1 + 2 * digit, 2 * digit));
    }
    Area selection = Area.luts((double) rows.size() * (left + 1));
    long most = (1L << left) * (1L << right) / 4;
    Area element =
        new AdderTreeArea(fabric, left + right)
            .of(rows, MultiplyUnit.PRODUCT_STAGES - 1)
            .plus(selection)
            .plus(new Area(left + right, left + right, 0, 0))
            .plus(
                new RequantizerArea(fabric, -most, most, left + right, to.element().bits())
                    .of(unit.requantizer(), 0, 1, 1));
    return pipeline(MultiplyUnit.STAGES).plus(element.times(to.elements()));
  }

  @Override
  public Area select(SelectUnit unit) {
    int address = Fabric.bits(unit.rowBeats());
    int words = SelectUnit.SLOTS << address;
    return pipeline(SelectUnit.STAGES)
        .plus(fabric.memories().synchronous(fabric, words, unit.input().type().bits()))
        .plus(fabric.memories().constant(fabric, unit.columns().size(), address, address))
        .plus(fabric.memories().constant(fabric, unit.places().size(), address, address))
        .plus(new Area(fabric.adder(address) + 8, address + 10.0, 0, 0))
        .plus(counter(unit.rowBeats()))
        .plus(counter(unit.inputRows()))
        .plus(counter(unit.rows().size()))
        .plus(counter(unit.columns().size()))
        .plus(counter(unit.places().size()));
  }

  @Override
  public Area fork(ForkUnit unit) {
    return Area.luts(1 + unit.copies().size());
  }

  @Override
  public Area concat(ConcatUnit unit) {
    int most = unit.beatsPerTurn().stream().mapToInt(Integer::intValue).max().orElse(1);
    double data = unit.output().type().bits() * fabric.multiplexer(unit.parts().size());
    return Area.luts(data + 2.0 * unit.parts().size())
        .plus(counter(most))
        .plus(counter(unit.parts().size()));
  }

  @Override
  public Area constant(ConstantUnit unit) {
    int beats = unit.table().entries().size();
    int width = unit.output().type().bits();
    Area data =
        unit.table().isConstant()
            ? Area.NONE
            : fabric.memories().constant(fabric, beats, width, width).plus(Area.flipFlops(width));
    return pipeline(ConstantUnit.STAGES)
        .plus(data)
        .plus(counter(ConstantUnit.MOST_FRAMES + 1))
        .plus(counter(unit.input().beatsPerFrame()))
        .plus(counter(unit.output().beatsPerFrame()));
  }

  @Override
  public Area width(WidthUnit unit) {
    int from = unit.input().type().elements();
    int to = unit.output().type().elements();
    int bits = unit.output().type().bits();
    if (from > to) {
      return Area.luts(bits * fabric.multiplexer(from / to) + 2).plus(counter(from / to));
    }
    int factor = to / from;
    return counter(factor)
        .plus(new Area(factor + 1.0, (factor - 1.0) * unit.input().type().bits(), 0, 0));
  }

  @Override
  public Area argMax(ArgMaxUnit unit) {
    int bits = signedBits(unit.input().type().element());
    int position = Fabric.bits(unit.elements());
    return counter(unit.elements())
        .plus(new Area(fabric.adder(bits) + position + 3, (double) bits + position, 0, 0));
  }

  @Override
  public Area softmax(SoftmaxUnit unit) {
    int bits = unit.input().type().bits();
    return counter(unit.elements())
        .times(2)
        .plus(counter(unit.form().busyCycles(unit.elements())))
        .plus(fabric.memories().synchronous(fabric, Math.max(2, unit.elements()), bits))
        .plus(new Area(fabric.adder(bits + 1) * 2, 3.0 * bits, 0, 0))
        .plus(pipeline(unit.form().stages()))
        .plus(new SoftmaxArea(fabric).of(unit.form()));
  }

  private RequantizerArea requantizer(IntegerType from, int bits, int resultBits) {
    return new RequantizerArea(fabric, from.minimum(), from.maximum(), bits, resultBits);
  }

  private static int signedBits(IntegerType type) {
    return type.bits() + (type.signed() ? 0 : 1);
  }

  /** Valid bits of an {@code ElasticPipeline}. */
  private static Area pipeline(int stages) {
    return new Area(stages + 2.0, stages, 0, 0);
  }

  /** A {@code Count}. */
  private static Area counter(int size) {
    int bits = Fabric.bits(size);
    return new Area(bits + (bits > 6 ? 2 : 0), bits, 0, 0);
  }
}
