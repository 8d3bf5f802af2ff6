// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.etch.templates.SafeText;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {
  @Test
  void keysOfTheJsonAreTheContract() throws Exception {
    JsonNode json = new ObjectMapper().readTree(ReportFiles.toJson(SampleReports.chain()));
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    assertEquals(
        List.of(
            "model",
            "target",
            "clockMHz",
            "clock",
            "macs",
            "nonzeroMacs",
            "multipliers",
            "macLanes",
            "cyclesPerFrame",
            "latencyCycles",
            "framesPerSecond",
            "area",
            "units",
            "streams",
            "compression",
            "external",
            "passes",
            "warnings"),
        keys);
    assertEquals(13_120, json.at("/cyclesPerFrame/predicted").asLong());
    assertTrue(json.at("/cyclesPerFrame/measured").isNull());
    assertEquals(7622.0, json.get("framesPerSecond").asDouble());
    for (String key :
        List.of(
            "name",
            "kind",
            "cyclesPerFrame",
            "multipliers",
            "utilization",
            "memoryBits",
            "bitsPerProduct",
            "bitsPerWeight",
            "entropyPerWeight",
            "bits",
            "fifoDepth")) {
      assertTrue(json.at("/units/0").has(key), key);
    }
    assertEquals(0.79166, json.at("/units/0/sparsity").asDouble(), 1e-4);
    assertEquals("zeros skipped", json.at("/compression/layers/0/forms/1/form").asText());
    assertEquals(570_000, json.at("/compression/all/1/bits").asLong());
    assertEquals(32, json.at("/compression/all/1/area/blocks").asLong());
    assertEquals(30_720, json.at("/external/0/imageBytes").asLong());
    assertEquals(3_904, json.at("/external/0/busCyclesPerFrame").asLong());
  }

  @Test
  void thePageShowsWhatEachFormWasWorth() {
    String page = ReportPage.render(SampleReports.chain());
    int section = page.indexOf("What each form of compression was worth");
    String forms = page.substring(section, page.indexOf("<h2>", section));
    String bits = SafeText.grouped(3_420_000).toString();
    for (String text : List.of("plain", "zeros skipped", "coded words", bits)) {
      // Once for the layer, once for all.
      assertEquals(2, forms.split(">" + text + "<", -1).length - 1, text);
    }
  }

  @Test
  void jsonRoundTrips() throws Exception {
    for (ReportData report :
        List.of(SampleReports.chain(), SampleReports.residual(), SampleReports.hostile())) {
      String json = ReportFiles.toJson(report);
      ReportData back = ReportFiles.fromJson(json);
      assertEquals(report, back);
      assertEquals(json, ReportFiles.toJson(back));
    }
  }

  @Test
  void damagedJsonIsAnIoException() {
    for (String text : List.of("", "null", "{}", "[1]", "{\"model\": 3")) {
      assertThrows(IOException.class, () -> ReportFiles.fromJson(text), text);
    }
  }

  @Test
  void measuredCyclesAreWrittenBack(@TempDir Path folder) throws Exception {
    ReportFiles.render(SampleReports.chain()).writeTo(folder);
    ReportFiles.updateMeasured(folder, 13_120, 71_234);
    ReportData back = ReportFiles.fromJson(Files.readString(folder.resolve(ReportFiles.JSON)));
    assertEquals(SampleReports.chain().withMeasured(13_120, 71_234), back);
    String page = Files.readString(folder.resolve(ReportFiles.HTML));
    assertTrue(page.contains("Predicted cycles equal the simulated ones."));
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
    ReportFiles.updateMeasured(folder, 13_121, 71_234);
    page = Files.readString(folder.resolve(ReportFiles.HTML));
    assertTrue(page.contains("Predicted and simulated cycles differ."));
  }

  @Test
  void theRoutedClockIsWrittenBack(@TempDir Path folder) throws Exception {
    ReportFiles.render(SampleReports.chain()).writeTo(folder);
    ReportFiles.updateRouted(folder, 65.6, "ecp5-25k", "speed grade 6", 3);
    JsonNode json = new ObjectMapper().readTree(Files.readString(folder.resolve(ReportFiles.JSON)));
    assertEquals(65.6, json.get("clockMHz").asDouble());
    assertEquals("routed", json.at("/clock/source").asText());
    assertEquals(3, json.at("/clock/seeds").asInt());
    assertEquals(5000, json.get("framesPerSecond").asDouble());
    String page = Files.readString(folder.resolve(ReportFiles.HTML));
    assertTrue(page.contains("routed on ecp5-25k, speed grade 6, median of 3 seeds"), page);
  }

  @Test
  void aClockThatIsAskedForIsNotExceeded() {
    ClockReport met = ClockReport.estimated(90, "up5k", "UltraPlus", 24.0);
    assertEquals(24, met.mhz());
    assertEquals("asked for, expected of up5k, UltraPlus", met.words());
    ClockReport missed = met.routed(20, "up5k", "UltraPlus", 1);
    assertEquals(20, missed.mhz());
    assertEquals("routed on up5k, UltraPlus", missed.words());
  }

  @Test
  void pageIsWellFormedSelfContainedAndDeterministic() throws Exception {
    for (ReportData report :
        List.of(SampleReports.chain(), SampleReports.residual(), SampleReports.hostile())) {
      String page = ReportPage.render(report);
      assertEquals(page, ReportPage.render(report));
      String svg = page.substring(page.indexOf("<svg"), page.indexOf("</svg>") + 6);
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
      assertFalse(page.contains("<script"), "a name became markup");
      assertFalse(page.replace("http://www.w3.org/2000/svg", "").contains("http:"));
      assertFalse(page.contains("https:"));
      assertFalse(page.contains("\u202e"));
    }
  }

  @Test
  void aStreamOfAnUnknownUnitIsRefused() {
    ReportData chain = SampleReports.chain();
    ReportData broken =
        new ReportData(
            chain.model(),
            chain.arithmetic(),
            chain.target(),
            chain.clock(),
            chain.macs(),
            chain.nonzeroMacs(),
            chain.multipliers(),
            chain.macLanes(),
            chain.cyclesPerFrame(),
            chain.latencyCycles(),
            chain.area(),
            chain.units().subList(0, 1),
            chain.streams(),
            chain.compression(),
            chain.external(),
            chain.passes(),
            chain.warnings());
    assertThrows(IllegalArgumentException.class, () -> ReportPage.render(broken));
  }

  @Test
  @SuppressWarnings("ReferenceEquality") // two boxes in one place overlap, even if they are equal
  void boxesOfTheDrawingNeverOverlap() {
    for (ReportData report : List.of(SampleReports.chain(), SampleReports.residual())) {
      List<ReportGraph.Box> boxes = ReportGraph.draw(report).boxes();
      for (ReportGraph.Box a : boxes) {
        assertTrue(a.x() >= 0 && a.x() + a.width() <= 1160, a.toString());
        for (ReportGraph.Box b : boxes) {
          boolean apart =
              a == b
                  || a.x() + a.width() <= b.x()
                  || b.x() + b.width() <= a.x()
                  || a.y() + a.height() <= b.y()
                  || b.y() + b.height() <= a.y();
          assertTrue(apart, a + " lies on " + b);
        }
      }
    }
  }
}
