// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import java.util.List;
import java.util.Optional;

/**
 * {@code SparsityParameters} of the schema: which elements of a tensor are stored, in which order.
 *
 * @param traversalOrder axes from outermost to innermost; block axes count on from the rank
 * @param blockMap which axis each block axis divides
 * @param dimensions one for each entry of {@code traversalOrder}
 */
public record SparsityParameters(
    List<Integer> traversalOrder, List<Integer> blockMap, List<Dimension> dimensions) {
  private static final int TRAVERSAL_ORDER = 0;
  private static final int BLOCK_MAP = 1;
  private static final int DIM_METADATA = 2;

  public SparsityParameters {
    traversalOrder = List.copyOf(traversalOrder);
    blockMap = List.copyOf(blockMap);
    dimensions = List.copyOf(dimensions);
  }

  static SparsityParameters of(FlatTable table) {
    return new SparsityParameters(
        table.ints(TRAVERSAL_ORDER),
        table.ints(BLOCK_MAP),
        table.tables(DIM_METADATA).stream().map(Dimension::of).toList());
  }

  /**
   * {@code DimensionMetadata} of the schema.
   *
   * @param isCompressed whether only some positions are stored (CSR), else all of them
   * @param denseSize positions if not compressed
   * @param segments where in {@code indices} each parent's positions begin, and the last one's end
   * @param indices stored positions
   */
  public record Dimension(
      boolean isCompressed, int denseSize, List<Integer> segments, List<Integer> indices) {
    private static final int FORMAT = 0;
    private static final int DENSE_SIZE = 1;
    private static final int SEGMENTS_TYPE = 2;
    private static final int SEGMENTS = 3;
    private static final int INDICES_TYPE = 4;
    private static final int INDICES = 5;

    public Dimension {
      segments = List.copyOf(segments);
      indices = List.copyOf(indices);
    }

    static Dimension of(FlatTable table) {
      return new Dimension(
          table.int8(FORMAT, 0) != 0,
          table.int32(DENSE_SIZE, 0),
          numbers(table.int8(SEGMENTS_TYPE, 0), table.table(SEGMENTS)),
          numbers(table.int8(INDICES_TYPE, 0), table.table(INDICES)));
    }

    /** The union {@code SparseIndexVector}: 32, 16 or 8 bits each. */
    private static List<Integer> numbers(int type, Optional<FlatTable> vector) {
      if (vector.isEmpty()) {
        return List.of();
      }
      return switch (type) {
        case 1 -> vector.get().ints(0);
        case 2 -> vector.get().unsigned(0, Short.BYTES);
        case 3 -> vector.get().unsigned(0, Byte.BYTES);
        default -> throw new MalformedFile("unknown kind " + type + " of sparse indices");
      };
    }
  }
}
