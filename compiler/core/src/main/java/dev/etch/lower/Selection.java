// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.CompilerBug;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which element of the input each element of the output copies, row by row: element {@code
 * columns[c] + places[p]} of input row {@code rows[r]}. See {@link dev.etch.hardware.SelectUnit},
 * which counts in beats.
 *
 * @param inputRows rows of the input
 * @param rowElements elements of an input row
 * @param rows for each output row its input row; never decreases
 * @param columns where each output column starts in the input row
 * @param places elements of a column, counted from there
 */
record Selection(
    int inputRows,
    int rowElements,
    List<Integer> rows,
    List<Integer> columns,
    List<Integer> places) {
  Selection {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    places = List.copyOf(places);
  }

  /** Rows, columns and places of the result's frame, or of one of the ways to look at it. */
  record Grid(int inputRows, int rows, int columns, int places) {
    private boolean fits(int outputs, int inputs) {
      return rows * columns * places == outputs && inputs % inputRows == 0;
    }
  }

  /**
   * The selection that makes {@code sources[p]}, a position of the input, position p of the output.
   * Tries the grids in turn: those with many rows need the least memory. What fits none has the
   * whole frame as one row, and a column for each element.
   *
   * @param elements of the input
   */
  static Selection of(int[] sources, int elements, List<Grid> grids) {
    return grids.stream()
        .filter(grid -> grid.fits(sources.length, elements))
        .map(grid -> of(sources, elements, grid))
        .filter(selection -> selection.makes(sources))
        .findFirst()
        .orElseGet(() -> anyOrder(sources, elements));
  }

  private static Selection of(int[] sources, int elements, Grid grid) {
    int row = elements / grid.inputRows;
    int[] starts =
        IntStream.range(0, grid.rows)
            .map(r -> sources[r * grid.columns * grid.places] / row)
            .toArray();
    int first = starts[0] * row;
    int lowest = IntStream.range(0, grid.places).map(p -> sources[p]).min().orElseThrow();
    return new Selection(
        grid.inputRows,
        row,
        boxed(Arrays.stream(starts)),
        boxed(
            IntStream.range(0, grid.columns)
                .map(c -> sources[c * grid.places] - sources[0] + lowest - first)),
        boxed(IntStream.range(0, grid.places).map(p -> sources[p] - lowest)));
  }

  private static Selection anyOrder(int[] sources, int elements) {
    Selection selection =
        new Selection(1, elements, List.of(0), boxed(Arrays.stream(sources)), List.of(0));
    if (!selection.makes(sources)) {
      throw new CompilerBug("a selection differs from its definition");
    }
    return selection;
  }

  private static List<Integer> boxed(IntStream values) {
    return values.boxed().toList();
  }

  private boolean makes(int[] sources) {
    for (int r = 1; r < rows.size(); r++) {
      if (rows.get(r) < rows.get(r - 1)) {
        return false;
      }
    }
    if (sources.length != rows.size() * columns.size() * places.size()) {
      return false;
    }
    int at = 0;
    for (int row : rows) {
      for (int column : columns) {
        for (int place : places) {
          boolean inRow = column + place >= 0 && column + place < rowElements;
          if (!inRow || sources[at++] != row * rowElements + column + place) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** The widest beat, in elements, in which whole beats can be copied. */
  int granularity() {
    int width = Widths.gcd(rowElements, places.size());
    for (int column : columns) {
      width = Widths.gcd(width, column);
    }
    while (!wholeBeats(width)) {
      width = Widths.largestDivisor(width, width - 1);
    }
    return width;
  }

  private boolean wholeBeats(int width) {
    for (int p = 0; p < places.size(); p++) {
      if (places.get(p) != places.get(p - p % width) + p % width
          || places.get(p - p % width) % width != 0) {
        return false;
      }
    }
    return true;
  }

  /** Columns in beats of {@code width} elements. */
  List<Integer> columnBeats(int width) {
    return columns.stream().map(c -> c / width).toList();
  }

  /** Places in beats of {@code width} elements. */
  List<Integer> placeBeats(int width) {
    return IntStream.range(0, places.size() / width)
        .map(p -> places.get(p * width) / width)
        .boxed()
        .toList();
  }
}
