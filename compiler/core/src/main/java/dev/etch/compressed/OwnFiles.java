// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import dev.etch.graph.Graph;
import dev.etch.importer.ModelFile;
import dev.etch.text.GraphParser;

/** Reads both forms of Etch's own: text, and compressed. */
public final class OwnFiles implements ModelFile.OwnReader {
  @Override
  public Graph parse(String file, String text) {
    return GraphParser.parse(file, text);
  }

  @Override
  public Graph unpack(String file, byte[] bytes) {
    return CompressedModel.read(file, bytes);
  }

  @Override
  public boolean isCompressed(byte[] head) {
    return CompressedModel.begins(head);
  }
}
