// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that Maven put into the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"etch " + text()};
  }

  /** For example {@code 0.1.0}; {@code development} when not run from the jar. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
