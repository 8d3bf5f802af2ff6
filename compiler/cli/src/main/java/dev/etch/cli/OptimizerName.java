// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.training.Optimizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Optimizers by their names on the command line. */
final class OptimizerName implements ITypeConverter<Optimizer.Kind> {
  @Override
  public Optimizer.Kind convert(String name) {
    return Arrays.stream(Optimizer.Kind.values())
        .filter(kind -> of(kind).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "there is no optimizer '%s'; one of %s".formatted(name, names())));
  }

  private static String names() {
    return Arrays.stream(Optimizer.Kind.values())
        .map(OptimizerName::of)
        .collect(Collectors.joining(", "));
  }

  private static String of(Optimizer.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
