// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.templates.GeneratedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.UnaryOperator;

/** Writes and reads {@code report.json}; writes {@code report.html} beside it. */
public final class ReportFiles {
  /** Name of the machine-readable report. */
  public static final String JSON = "report.json";

  /** Name of the page. */
  public static final String HTML = "report.html";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private ReportFiles() {}

  /** Both files. */
  public static GeneratedFiles render(ReportData report) {
    return new GeneratedFiles.Builder()
        .add(JSON, toJson(report))
        .add(HTML, ReportPage.render(report))
        .build();
  }

  /** The report as JSON with a stable order of keys and a newline at the end. */
  public static String toJson(ReportData report) {
    return json(report);
  }

  /** A report of any kind. */
  static String json(Record report) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      return MAPPER.writer(printer).writeValueAsString(report) + "\n";
    } catch (JsonProcessingException e) {
      throw new CompilerBug("report.json: " + e.getMessage());
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IOException if the text is no report, or one of another version
   */
  public static ReportData fromJson(String text) throws IOException {
    ReportData report = null;
    try {
      report = MAPPER.readValue(text, ReportData.class);
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
    if (report == null) {
      throw unreadable(null);
    }
    return report;
  }

  private static IOException unreadable(JsonProcessingException cause) {
    return new IOException(
        "report.json is not as this version of Etch writes it; compile the model again", cause);
  }

  /**
   * Puts measured cycles into the report of a folder and writes both files again.
   *
   * @throws IOException if the report cannot be read or written
   */
  public static ReportData updateMeasured(Path folder, long cyclesPerFrame, long latencyCycles)
      throws IOException {
    return update(folder, report -> report.withMeasured(cyclesPerFrame, latencyCycles));
  }

  /**
   * Puts the clock that place and route reached into the report of a folder and writes both files
   * again.
   *
   * @throws IOException if the report cannot be read or written
   */
  public static ReportData updateRouted(
      Path folder, double megahertz, String device, String speedGrade, int seeds)
      throws IOException {
    return update(folder, report -> report.withRouted(megahertz, device, speedGrade, seeds));
  }

  private static ReportData update(Path folder, UnaryOperator<ReportData> change)
      throws IOException {
    ReportData report = change.apply(fromJson(Files.readString(folder.resolve(JSON))));
    Path temporary = Files.createTempDirectory(folder, ".report");
    render(report).writeTo(temporary);
    for (String name : new String[] {JSON, HTML}) {
      Files.move(
          temporary.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.delete(temporary);
    return report;
  }
}
