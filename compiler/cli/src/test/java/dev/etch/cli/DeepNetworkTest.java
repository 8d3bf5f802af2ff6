// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks of many layers: no pass, search or report may take time or stack that grows faster than
 * they do. The time-outs are far above what is needed; they only end what would never end.
 */
@Timeout(120)
class DeepNetworkTest {
  @TempDir private Path folder;

  @Test
  void aThousandDiamondsAreInspected() throws IOException {
    inspects(ChainModel.diamonds(1000), 3000);
  }

  @Test
  void tenThousandNodesAreInspected() throws IOException {
    inspects(ChainModel.requantizations(10_000), 10_000);
  }

  private void inspects(String text, int operators) throws IOException {
    Path model = Files.writeString(folder.resolve("deep.etch"), text);
    CapturedRun run = CapturedRun.of("inspect", model.toString(), "--json");
    assertEquals(0, run.code(), run.err());
    JsonNode layers = new ObjectMapper().readTree(run.out()).get("layers");
    assertEquals(operators, layers.size());
  }
}
