// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.ExternalMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * JUnit 5 extension that gives tests a simulated accelerator:
 * {@code @ExtendWith(EtchExtension.class)} on the class and {@link EtchAccelerator} on the
 * parameter. The simulator ends with the test. A missing tool or a design that does not build fails
 * the test; it never skips it.
 */
public final class EtchExtension implements ParameterResolver {
  /** For JUnit. */
  public EtchExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.isAnnotated(EtchAccelerator.class)
        && parameter.getParameter().getType() == SimulatedAccelerator.class;
  }

  @Override
  public SimulatedAccelerator resolveParameter(
      ParameterContext parameter, ExtensionContext context) {
    EtchAccelerator wanted = parameter.findAnnotation(EtchAccelerator.class).orElseThrow();
    Path simulator =
        new VerilatorBuild(SimulatorCache.standard())
            .build(
                new VerilatorBuild.Request(
                    Path.of(wanted.rtl()), wanted.top(), wanted.optimization(), false));
    SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator);
    ExtensionContext.Namespace namespace = ExtensionContext.Namespace.create(EtchExtension.class);
    context.getStore(namespace).put(parameter.getIndex(), (Ending) accelerator::close);
    if (!wanted.memory().isEmpty()) {
      accelerator.memory().attach(ExternalMemory.STANDARD, read(Path.of(wanted.memory())));
    }
    accelerator.restart(SimulatedAccelerator.RESET_CYCLES);
    accelerator.stalls(Stalls.both(wanted.stall(), wanted.seed()));
    return accelerator;
  }

  private static byte[] read(Path memory) {
    try {
      return Files.readAllBytes(memory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a simulator when JUnit closes the store of its test. */
  private interface Ending extends ExtensionContext.Store.CloseableResource {
    @Override
    void close();
  }
}
