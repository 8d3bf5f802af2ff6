// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.tensor.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Items from lines of numbers with commas between them. If the first line is no numbers, it names
 * the columns, and the one called {@code label} or {@code class} has the labels.
 */
final class CsvData {
  private static final List<String> LABEL = List.of("label", "class");

  private final Path file;
  private final List<float[]> rows = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private int line;
  private int columns = -1;
  private int labelColumn = -1;

  private CsvData(Path file) {
    this.file = file;
  }

  /** Items, with labels if a column is called so. */
  static Dataset read(Path file) {
    CsvData data = new CsvData(file);
    data.lines();
    return data.dataset();
  }

  /** Labels: the file's only column. */
  static int[] labels(Path file) {
    CsvData data = new CsvData(file);
    data.lines();
    if (!data.labels.isEmpty()) {
      return data.classes();
    }
    int[] labels = new int[data.rows.size()];
    for (int i = 0; i < labels.length; i++) {
      if (data.rows.get(i).length != 1) {
        throw DataProblem.in(file, "has no column of labels", "one label a line, or a header");
      }
      labels[i] = LabelFile.label(file, data.rows.get(i)[0], i);
    }
    return labels;
  }

  private void lines() {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (!text.isBlank()) {
          add(text);
        }
      }
    } catch (CharacterCodingException e) {
      throw DataProblem.in(file, "is not UTF-8 text", "");
    } catch (IOException e) {
      throw DataProblem.in(file, "cannot be read: " + e.getMessage(), "");
    }
    if (rows.isEmpty()) {
      throw DataProblem.in(file, "holds no items", "one item a line");
    }
  }

  private void add(String text) {
    String[] cells = text.split(",", -1);
    if (columns < 0) {
      columns = cells.length;
      if (Arrays.stream(cells).noneMatch(CsvData::isNumber)) {
        names(cells);
        return;
      }
    }
    if (cells.length != columns) {
      throw problem(
          text, 1, cells.length + " columns, but the first line has " + columns, "add or remove");
    }
    numbers(text, cells);
  }

  private void names(String[] cells) {
    for (int i = 0; i < cells.length; i++) {
      if (LABEL.contains(cells[i].strip().toLowerCase(Locale.ROOT))) {
        labelColumn = i;
      }
    }
  }

  private void numbers(String text, String[] cells) {
    float[] row = new float[labelColumn < 0 ? columns : columns - 1];
    int column = 1;
    int next = 0;
    for (int i = 0; i < cells.length; i++) {
      if (!isNumber(cells[i])) {
        throw problem(text, column, "'" + cells[i].strip() + "' is no number", "write a number");
      }
      float number = Float.parseFloat(cells[i].strip());
      if (i == labelColumn) {
        labels.add(LabelFile.label(file, number, labels.size()));
      } else {
        row[next++] = number;
      }
      column += cells[i].length() + 1;
    }
    rows.add(row);
  }

  private static boolean isNumber(String cell) {
    return cell.strip().matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  }

  private Dataset dataset() {
    int size = rows.get(0).length;
    if (size == 0) {
      throw DataProblem.in(file, "has labels only", "give it with --labels");
    }
    float[] data = new float[DataProblem.elements(file.toString(), rows.size(), size)];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, data, i * size, size);
    }
    return new Dataset(Shape.of(size), elements(data), classes());
  }

  /** Bytes where all numbers are: most files of numbers are images. */
  private static Elements elements(float[] data) {
    byte[] bytes = new byte[data.length];
    for (int i = 0; i < data.length; i++) {
      if (data[i] < 0 || data[i] > 255 || data[i] != (int) data[i]) {
        return new Elements.Floats(data);
      }
      bytes[i] = (byte) (int) data[i];
    }
    return new Elements.Bytes(bytes);
  }

  private int[] classes() {
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  private DiagnosticException problem(String text, int column, String message, String help) {
    int end = Math.min(text.length(), 60);
    return new DiagnosticException(
        Location.text(file.toString(), line, column, column <= end ? text.substring(0, end) : ""),
        message,
        help);
  }
}
