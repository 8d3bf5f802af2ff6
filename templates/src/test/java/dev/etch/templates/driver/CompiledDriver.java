// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.etch.templates.GeneratedFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A generated driver, compiled in this process with all warnings as errors. */
public final class CompiledDriver {
  private final Path classes;
  private final String packageName;

  private CompiledDriver(Path classes, String packageName) {
    this.classes = classes;
    this.packageName = packageName;
  }

  /** Writes the files, and compiles the sources among them. */
  public static CompiledDriver compile(GeneratedFiles files, String modelClass, Path folder)
      throws IOException {
    files.writeTo(folder);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<Path> sources = new ArrayList<>();
    for (String path : files.contents().keySet()) {
      if (path.endsWith(".java")) {
        sources.add(folder.resolve(path));
      } else if (path.contains("/resources/")) {
        Path to = classes.resolve(path.replaceAll(".*/resources/", ""));
        Files.createDirectories(to.getParent());
        Files.copy(folder.resolve(path), to);
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d",
              classes.toString(),
              "-classpath",
              System.getProperty("java.class.path"),
              "--release",
              "17",
              "-Xlint:all,-processing,-path,-options",
              "-Werror",
              "-proc:none");
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(sources))
              .call();
      assertTrue(compiled, messages::toString);
    }
    return new CompiledDriver(classes, modelClass.substring(0, modelClass.lastIndexOf('.')));
  }

  /** Runs one of its test classes. */
  public TestExecutionSummary test(String className) throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    URL[] urls = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, before)) {
      Thread.currentThread().setContextClassLoader(loader);
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectClass(loader.loadClass(packageName + "." + className)))
                  .build(),
              listener);
      return listener.getSummary();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
