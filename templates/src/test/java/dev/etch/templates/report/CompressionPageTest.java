// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.etch.templates.GeneratedFiles;
import dev.etch.templates.report.CompressionRun.AccuracyReport;
import dev.etch.templates.report.CompressionRun.LayerReport;
import dev.etch.templates.report.CompressionRun.StepReport;
import dev.etch.templates.report.CompressionRun.TrainingReport;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class CompressionPageTest {
  private static final String HOSTILE =
      "</svg><script>alert('x')</script>\"; rm -rf / \u202e\u0000&$model #set($a=1)";

  private static StepReport step(String title, long bytes, Double share) {
    AccuracyReport accuracy =
        share == null ? null : new AccuracyReport((int) Math.round(share * 1000), 1000);
    LayerReport layer = new LayerReport(title, 1000, 50, 4, 5, 3.25, 2.5, bytes - 15, 6.125);
    return new StepReport(title, 1000, 50, bytes, 4000, 15, share, accuracy, List.of(layer));
  }

  private static CompressionRun run(String name, boolean measured) {
    return new CompressionRun(
        name,
        "etch compress " + name,
        7,
        "recipe\nfold\n// " + name + "\n",
        List.of(
            step("given", 1000, measured ? 0.5 : null), step(name, 400, measured ? 0.75 : null)),
        List.of(
            new TrainingReport(name, 25, 10, List.of(2f, 1f, 0.5f)),
            new TrainingReport("none", 0, 1, List.of()),
            new TrainingReport("tune", 10, 10, List.of(0.25f))));
  }

  private static List<Document> drawings(String page) throws Exception {
    List<Document> drawings = new ArrayList<>();
    int at = page.indexOf("<svg");
    while (at >= 0) {
      int end = page.indexOf("</svg>", at) + 6;
      drawings.add(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(page.substring(at, end)))));
      at = page.indexOf("<svg", end);
    }
    return drawings;
  }

  @Test
  void pagesAreWellFormedAndStandAlone() throws Exception {
    for (CompressionRun run : List.of(run("prune", true), run("a", false), run(HOSTILE, true))) {
      GeneratedFiles files = CompressionPage.render(run);
      assertEquals(files.text("report.html"), CompressionPage.render(run).text("report.html"));
      String page = files.text("report.html");
      drawings(page);
      assertFalse(page.contains("<script"), "a name became markup");
      assertFalse(page.replace("http://www.w3.org/2000/svg", "").contains("http:"));
      assertFalse(page.contains("https:"));
      assertFalse(page.contains("\u202e"));
    }
  }

  /** Where nothing was measured there is nothing to draw. */
  @Test
  void chartsShowWhatThereIs() throws Exception {
    String page = CompressionPage.render(run("prune", true)).text("report.html");
    assertEquals(2, drawings(page).size());
    assertTrue(page.contains("<b>400</b><span>10 times fewer than as float32</span>"), page);
    assertTrue(page.contains("<td>50 %</td><td>50 %</td>"), page);
    String unmeasured = CompressionPage.render(run("prune", false)).text("report.html");
    assertEquals(1, drawings(unmeasured).size());
    assertTrue(unmeasured.contains("not measured"), unmeasured);
  }

  /** The second training begins where the first ends, and its last mean is of fewer steps. */
  @Test
  void lossesStandOneBehindTheOther() throws Exception {
    String page = CompressionPage.render(run("prune", false)).text("report.html");
    NodeList lines = drawings(page).get(0).getElementsByTagName("polyline");
    assertEquals(2, lines.getLength());
    String first = ((Element) lines.item(0)).getAttribute("points");
    int[] x = new int[3];
    int[] y = new int[3];
    for (int i = 0; i < 3; i++) {
      String[] point = first.split(" ")[i].split(",");
      x[i] = Integer.parseInt(point[0]);
      y[i] = Integer.parseInt(point[1]);
    }
    assertEquals(2 * (x[2] - x[1]), x[1] - x[0], 2, first);
    assertEquals(2 * (y[2] - y[1]), y[1] - y[0], 2, first);
    assertTrue(y[0] < y[1], "a lower loss is lower");
    String second = ((Element) lines.item(1)).getAttribute("points");
    assertEquals(x[1] - x[0], Integer.parseInt(second.split(",")[0]) - x[2], 2, second);
  }

  @Test
  void theJsonHasEveryNumber() throws Exception {
    JsonNode json =
        new ObjectMapper().readTree(CompressionPage.render(run("prune", true)).text("report.json"));
    assertEquals("etch compress prune", json.get("command").asText());
    assertEquals(7, json.get("seed").asLong());
    assertEquals("recipe\nfold\n// prune\n", json.get("recipe").asText());
    assertEquals(0.75, json.at("/steps/1/floatAccuracy").asDouble());
    assertEquals(750, json.at("/steps/1/accuracy/right").asInt());
    assertEquals(385, json.at("/steps/1/layers/0/bytes").asInt());
    assertEquals(6.125, json.at("/steps/1/layers/0/entropy").asDouble());
    assertEquals(0.5, json.at("/trainings/0/losses/2").asDouble());
    JsonNode unmeasured =
        new ObjectMapper().readTree(CompressionPage.render(run("a", false)).text("report.json"));
    assertTrue(unmeasured.at("/steps/0/accuracy").isNull());
  }
}
