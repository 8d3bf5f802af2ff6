// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.data.Dataset;
import dev.etch.compress.network.Network;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.text.GraphPrinter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What decides the result of a compression: two runs in which it is equal give the same bytes. */
final class RunIdentity {
  /** Options that decide nothing, or name files whose content counts instead. */
  private static final Set<String> OTHERS =
      Set.of(
          "--architecture",
          "--checkpoints",
          "--data",
          "--force",
          "--help",
          "--labels",
          "--output",
          "--print-recipe",
          "--report",
          "--test",
          "--test-labels",
          "--version");

  private RunIdentity() {}

  /** By name: each option, and digests of the model and the training set. */
  static Map<String, String> of(CommandSpec spec, Network network, Dataset training) {
    Map<String, String> identity = new TreeMap<>();
    for (OptionSpec option : spec.options()) {
      if (!OTHERS.contains(option.longestName())) {
        identity.put(option.longestName(), line(option.getValue()));
      }
    }
    identity.put("Etch", Version.text());
    identity.put("model", digest(GraphPrinter.print(network.graph())));
    identity.put("training set", digest(training));
    return identity;
  }

  private static String line(Object value) {
    return value == null ? "not given" : value.toString().replaceAll("\\R", " ");
  }

  private static String digest(String text) {
    return hex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String digest(Dataset set) {
    MessageDigest digest = sha256();
    int elements = set.item().elements();
    ByteBuffer item = ByteBuffer.allocate(Float.BYTES * elements);
    digest.update(set.item().toString().getBytes(StandardCharsets.UTF_8));
    for (int index = 0; index < set.count(); index++) {
      item.clear();
      for (int element = 0; element < elements; element++) {
        item.putFloat(set.at(index, element));
      }
      digest.update(item.array());
    }
    for (int label : set.labels()) {
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(label).array());
    }
    return hex(digest.digest());
  }

  /** Eight bytes are enough to tell what a user gives from something else. */
  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest, 0, Long.BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new CompilerBug("every Java has SHA-256");
    }
  }
}
