// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.Target;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.tensor.IntegerType;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The area of the ways to lay out one window layer, for a search: it takes microseconds and needs
 * no schedule. {@link UnitAreas} is more exact, because it sees which lanes share what.
 */
public final class WindowArea {
  private static final int REORDER_PIXELS = 2;

  /** The farthest of a lane's distances that have a word of their own, as multiple of the mean. */
  private static final int FAR = 4;

  private final Fabric fabric;
  private final Layer layer;
  private final Map<Long, Area> requantizers = new HashMap<>();

  /**
   * What does not depend on the layout.
   *
   * @param operation of the lanes
   * @param element of the input
   * @param weightBits bits of the widest weight, signed
   * @param accumulator type of every sum
   * @param requantizer accumulator to output
   * @param scaling the same with a multiplier, if there is one
   * @param result type of the output
   * @param outputs channels of a pixel
   */
  public record Layer(
      Operation operation,
      IntegerType element,
      int weightBits,
      IntegerType accumulator,
      Requantizer requantizer,
      Optional<Requantizer> scaling,
      IntegerType result,
      int outputs) {}

  /**
   * One layout.
   *
   * @param block pixels that a run of the schedule makes
   * @param copies of them that take the same words of the schedule
   * @param clusters each with its own requantizer
   * @param lanes of all clusters
   * @param ports copies of the circular memory, or banks, of all clusters together
   * @param multipliers of all lanes, which may make several products each; 0 if their products come
   *     from adders
   * @param feeds different operands that the lanes have in a step, of all clusters together: lanes
   *     of a group have the same
   * @param steps of a run of the schedule
   * @param beatElements channels in a beat of the input
   * @param bufferWords of each copy or bank of the circular memory
   * @param banks that lanes of a port choose from, 1 if there are none
   * @param scaling whether requantizers scale with a multiplier; only if they can
   */
  public record Layout(
      int block,
      int copies,
      int clusters,
      int lanes,
      int multipliers,
      int ports,
      int feeds,
      int steps,
      int beatElements,
      int bufferWords,
      int banks,
      boolean scaling) {}

  /**
   * Whether small memories that are written take look-up tables on a device family. Where they are
   * registers, results of copies and sums of matrix lanes take more than a schedule saves.
   */
  public static boolean hasSmallMemories(Target target) {
    return Fabric.of(target).memories().hasTables();
  }

  /** The areas of one layer's layouts. */
  public WindowArea(Target target, Layer layer) {
    this.fabric = Fabric.of(target);
    this.layer = layer;
  }

  /** The whole unit, without its queues. */
  public Area of(Layout layout) {
    return new WindowBlocks(fabric, shape(layout))
        .all()
        .plus(requantizers(layout.clusters(), layout.block(), layout.scaling()));
  }

  /**
   * A matrix whose elements are broadcast, with the requantization of its sums.
   *
   * @param elements of a frame
   * @param beatElements elements of a beat
   * @param clusters each with its own requantizer
   * @param lanes of all clusters
   * @param steps of a frame
   * @param ahead whether there are two memories of sums a lane
   * @param code of the lanes' words; empty if they are not coded
   */
  public Area ofMatrix(
      int elements,
      int beatElements,
      int clusters,
      int lanes,
      int steps,
      boolean ahead,
      Optional<MatrixCode.Traits> code) {
    int rows = powerOfTwo((layer.outputs() + lanes - 1) / lanes);
    int sumBits = layer.accumulator().bits() + (layer.accumulator().signed() ? 0 : 1);
    int distance = Fabric.bits(FAR * elements * rows / steps + 1);
    MatrixShape shape =
        new MatrixShape(
            layer.element(),
            sumBits,
            elements,
            beatElements,
            steps,
            clusters,
            lanes,
            layer.outputs() / clusters,
            rows,
            MatrixNetlist.window(beatElements * layer.element().bits()),
            layer.weightBits(),
            0,
            ahead,
            List.of(
                Columns.of(lanes * code.map(MatrixCode.Traits::distanceLow).orElse(distance)),
                Columns.of(
                    lanes * code.map(MatrixCode.Traits::weightLow).orElse(layer.weightBits()))),
            code.map(traits -> MatrixShape.Decoder.of(traits, lanes, steps)),
            Optional.empty(),
            Optional.empty(),
            false);
    return new MatrixArea(fabric).of(shape).plus(requantizers(clusters, 1, false));
  }

  /**
   * A matrix of circulant blocks, each stored once.
   *
   * @param elements of a frame
   * @param beatElements elements of a beat
   * @param size rows and columns of a block
   */
  public Area ofBlocks(
      int elements, int beatElements, int clusters, int lanes, int steps, boolean ahead, int size) {
    int groups = lanes / size;
    int words = (elements + size - 1) / size * (steps / elements);
    int sumBits = layer.accumulator().bits() + (layer.accumulator().signed() ? 0 : 1);
    MatrixShape shape =
        new MatrixShape(
            layer.element(),
            sumBits,
            elements,
            beatElements,
            steps,
            clusters,
            lanes,
            layer.outputs() / clusters,
            powerOfTwo(steps / elements),
            MatrixNetlist.window(beatElements * layer.element().bits()),
            layer.weightBits(),
            0,
            ahead,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new MatrixShape.Blocks(size, words, groups)),
            false);
    return new MatrixArea(fabric).of(shape).plus(requantizers(clusters, 1, false));
  }

  private static int powerOfTwo(int number) {
    return 1 << Fabric.bits(number);
  }

  private WindowShape shape(Layout layout) {
    int outputs = layer.outputs() * layout.block();
    boolean multiplies = layer.operation() == Operation.MULTIPLY_ACCUMULATE;
    int perCluster = (outputs + layout.clusters() - 1) / layout.clusters();
    int laneBits = Fabric.bits((layout.lanes() + layout.clusters() - 1) / layout.clusters());
    int addressBits = Fabric.bits(layout.bufferWords());
    // Lanes of one address sequence end together: their flags and drains are the same.
    int drains = layout.feeds() < layout.lanes() ? 1 : layout.clusters();
    boolean accumulates = (long) layout.steps() * layout.lanes() > outputs;
    return new WindowShape(
        layer.operation(),
        layer.element(),
        layout.beatElements(),
        layout.bufferWords(),
        layout.banks(),
        layer.accumulator(),
        layer.result(),
        layout.steps(),
        layout.clusters(),
        perCluster,
        layout.lanes(),
        accumulates ? layout.lanes() : 0,
        multiplies ? layout.multipliers() : 0,
        multiplies ? layer.weightBits() : 0,
        layout.ports(),
        Collections.nCopies(layout.ports(), layout.beatElements()),
        layout.feeds(),
        layout.feeds() * layout.beatElements(),
        layout.steps() > 1,
        layout.banks() > 1 ? 2 : layout.copies(),
        List.of(
            positions(
                layout.steps() > 1
                    ? layout.ports() / layout.copies() * (addressBits + Fabric.bits(layout.banks()))
                    : 0),
            positions(layout.feeds() / layout.copies() * Fabric.bits(layout.beatElements())),
            new ScheduleMemory(
                Columns.NONE,
                Columns.of(multiplies ? layout.lanes() / layout.copies() * layer.weightBits() : 0),
                Columns.of(layout.feeds() / layout.copies())),
            new ScheduleMemory(
                Columns.NONE,
                Columns.NONE,
                Columns.of(drains * laneBits + 4 + Fabric.bits(perCluster)))),
        layout.lanes() > layout.clusters(),
        1,
        REORDER_PIXELS);
  }

  private static ScheduleMemory positions(int bits) {
    return new ScheduleMemory(Columns.of(bits), Columns.NONE, Columns.NONE);
  }

  private Area requantizers(int clusters, int block, boolean scaling) {
    return requantizers.computeIfAbsent(
        (long) clusters << 32 | block << 1 | (scaling ? 1 : 0),
        unused -> {
          RequantizerArea one =
              new RequantizerArea(
                  fabric,
                  layer.accumulator().minimum(),
                  layer.accumulator().maximum(),
                  layer.accumulator().bits() + (layer.accumulator().signed() ? 0 : 1),
                  layer.result().bits());
          int count = layer.outputs() * block / clusters;
          Area all = Area.NONE;
          for (int cluster = 0; cluster < clusters; cluster++) {
            all =
                all.plus(
                    one.of(
                        scaling ? layer.scaling().orElseThrow() : layer.requantizer(),
                        cluster,
                        clusters,
                        count));
          }
          return all;
        });
  }
}
