// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.ScheduleWord;
import dev.etch.hardware.memory.MemoryUse;
import dev.etch.tensor.IntegerType;
import java.util.List;

/**
 * The numbers that the area of a {@link MatrixUnit} depends on.
 *
 * @param element of the input
 * @param sumBits of a sum
 * @param elements of a frame
 * @param steps of a frame
 * @param clusters of lanes
 * @param lanes of all clusters
 * @param outputsPerCluster outputs that each cluster makes
 * @param rows sums of a lane
 * @param window elements that a lane stores
 * @param weightBits of the widest weight
 * @param schedule bits of its memories, one a stage
 */
record MatrixShape(
    IntegerType element,
    int sumBits,
    int elements,
    int steps,
    int clusters,
    int lanes,
    int outputsPerCluster,
    int rows,
    int window,
    int weightBits,
    List<Columns> schedule) {

  /** The shape of a unit. */
  static MatrixShape of(MatrixUnit unit) {
    MatrixProgram program = unit.program();
    List<ScheduleWord> words = MatrixNetlist.of(unit).columns().words();
    return new MatrixShape(
        unit.input().type().element(),
        unit.output().type().element().bits(),
        program.elements(),
        program.steps(),
        program.outputs().size(),
        program.lanes().size(),
        program.outputsPerCluster(),
        program.rows(),
        program.window(),
        words.stream()
            .flatMap(word -> word.fields().stream())
            .filter(field -> field.use() == MemoryUse.WEIGHTS)
            .mapToInt(field -> field.width())
            .max()
            .orElse(1),
        words.stream().map(MatrixShape::columns).toList());
  }

  private static Columns columns(ScheduleWord word) {
    ColumnCounter counter = new ColumnCounter();
    word.fields().forEach(field -> counter.add(field.entries(), field.width()));
    return counter.columns();
  }
}
